package dev.sconce.runtime;

import dev.sconce.format.etdump.EtDump;
import dev.sconce.format.etdump.EtDump.Run;
import dev.sconce.format.etdump.EtDumpEvent;
import dev.sconce.format.etdump.EtDumpEvent.Origin;
import dev.sconce.format.etdump.EtDumpEvent.ProfileEvent;
import dev.sconce.format.etdump.EtDumpFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notes what executes and for how long, as an event dump that ExecuTorch's Inspector reads. Events
 * have the names and the order that the official runtime gives them; times are in nanoseconds.
 *
 * <pre>{@code
 * EtDumpTracer tracer = new EtDumpTracer();
 * try (PteModule module = PteModule.load(file, LoadOptions.defaults().withTracer(tracer))) {
 *   module.forward(input);
 * }
 * tracer.write(Path.of("model.etdp"));
 * }</pre>
 *
 * <p>An execution that ends becomes a block {@code Execute}; one that fails leaves no trace. Events
 * are kept in memory, some hundred bytes each, until the tracer goes away. Methods in several
 * threads may share a tracer.
 */
public final class EtDumpTracer implements EventTracer {

  private static final long VERSION = 0;
  private static final String BLOCK = "Execute";
  private static final Origin WHOLE_METHOD = new Origin(-1, 0, -1, null);

  // Events of the execution in progress: a method belongs to one thread while it executes.
  private final ThreadLocal<List<EtDumpEvent>> open = ThreadLocal.withInitial(ArrayList::new);
  private final List<Run> runs = new ArrayList<>();

  /** Creates a tracer that has noted nothing. */
  public EtDumpTracer() {}

  @Override
  public void started(String method) {
    open.get().clear(); // what a failed execution has left
  }

  @Override
  public void instruction(InstructionInfo instruction, long startNanos, long endNanos) {
    String name = instruction.name();
    boolean operator = name.contains("::");
    if (operator && !isPrimitive(name)) {
      note(eventName(name), origin(instruction, null), startNanos, endNanos);
    }
    note(
        operator ? "OPERATOR_CALL" : callName(name),
        origin(instruction, null),
        startNanos,
        endNanos);
  }

  // The official runtime registers these without the wrapper that times its kernels.
  private static boolean isPrimitive(String operator) {
    return operator.startsWith("executorch_prim::")
        || operator.startsWith("aten::sym_")
        || operator.equals("aten::_local_scalar_dense");
  }

  // Kernels that the official build generates are known without their library: native_call_add.out.
  private static String eventName(String operator) {
    return operator.startsWith("llama::")
        ? operator
        : "native_call_" + operator.substring(operator.indexOf("::") + 2);
  }

  // Jumps and moves have names of their own in the schema; anything else is a delegate's.
  private static String callName(String name) {
    return switch (name) {
      case "MoveCall" -> "MOVE_CALL";
      case "JumpFalseCall" -> "JF_CALL";
      case "FreeCall" -> "FREE_CALL";
      default -> "DELEGATE_CALL";
    };
  }

  @Override
  public void delegateNode(
      InstructionInfo instruction, String node, long startNanos, long endNanos) {
    note(null, origin(instruction, node), startNanos, endNanos);
  }

  @Override
  public void method(String method, long startNanos, long endNanos) {
    note("Method::execute", WHOLE_METHOD, startNanos, endNanos);
    Run run = new Run(BLOCK, -1, List.of(), open.get());
    open.remove();
    synchronized (this) {
      runs.add(run);
    }
  }

  private static Origin origin(InstructionInfo instruction, @Nullable String node) {
    return new Origin(instruction.chain(), instruction.index(), -1, node);
  }

  private void note(@Nullable String name, Origin origin, long start, long end) {
    open.get().add(new ProfileEvent(name, origin, null, start, end));
  }

  /**
   * Writes all executions that have ended to a file.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    EtDump dump;
    synchronized (this) {
      dump = new EtDump(VERSION, runs);
    }
    EtDumpFile.write(file, dump);
  }
}
