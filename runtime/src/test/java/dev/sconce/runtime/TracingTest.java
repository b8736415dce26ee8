package dev.sconce.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.SconceException;
import dev.sconce.format.etdump.EtDump;
import dev.sconce.format.etdump.EtDumpEvent.ProfileEvent;
import dev.sconce.format.etdump.EtDumpFile;
import dev.sconce.format.pte.Label;
import dev.sconce.format.pte.PteValue.BoolValue;
import dev.sconce.format.pte.PteValue.IntValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracingTest {

  @TempDir private Path folder;

  private record Span(String name, long start, long end) {}

  /** Writes everything down. */
  private static final class Notes implements EventTracer {

    private final List<Span> instructions = new ArrayList<>();
    private final List<Span> methods = new ArrayList<>();

    @Override
    public void instruction(InstructionInfo instruction, long startNanos, long endNanos) {
      instructions.add(
          new Span(instruction.index() + " " + instruction.name(), startNanos, endNanos));
    }

    @Override
    public void delegateNode(InstructionInfo instruction, String node, long start, long end) {}

    @Override
    public void method(String method, long startNanos, long endNanos) {
      methods.add(new Span(method, startNanos, endNanos));
    }
  }

  private static EValue input() {
    return EValue.from(Tensor.of(new float[] {1, 2}));
  }

  @Test
  void timesAreInOrderAndInsideTheMethods() throws IOException {
    Notes notes = new Notes();
    long before = System.nanoTime();
    try (PteModule module =
        PteModule.load(
            TestProgram.accumulator(2).write(folder), LoadOptions.defaults().withTracer(notes))) {
      module.forward(input());
    }
    long after = System.nanoTime();

    assertThat(notes.instructions)
        .extracting(Span::name)
        .containsExactly("0 aten::add.out", "1 aten::copy_");
    assertThat(notes.methods).extracting(Span::name).containsExactly("forward");
    List<Long> times = new ArrayList<>(List.of(before, notes.methods.getFirst().start()));
    notes.instructions.forEach(span -> times.addAll(List.of(span.start(), span.end())));
    times.addAll(List.of(notes.methods.getFirst().end(), after));
    assertThat(times).isSorted();
  }

  @Test
  void jumpsAreTracedEachTimeTheyRun() throws IOException {
    Path file =
        new TestProgram()
            .method(
                "forward",
                plan -> {
                  int one = plan.literal(new IntValue(1));
                  int three = plan.literal(new IntValue(3));
                  int i = plan.value(new IntValue(0));
                  int done = plan.value(new BoolValue(false));
                  plan.output(i);
                  Label loop = plan.label();
                  plan.place(loop);
                  plan.call(TestProgram.PRIM_ADD, i, one, i);
                  plan.call(TestProgram.PRIM_GE, i, three, done);
                  plan.jumpIfFalse(done, loop);
                })
            .write(folder);
    Notes notes = new Notes();
    try (PteModule module = PteModule.load(file, LoadOptions.defaults().withTracer(notes))) {
      module.forward();
    }
    assertThat(notes.instructions)
        .extracting(Span::name)
        .hasSize(9)
        .endsWith(
            "0 executorch_prim::add.Scalar", "1 executorch_prim::ge.Scalar", "2 JumpFalseCall");
  }

  @Test
  void dumpsHaveABlockForEachExecutionThatEnded() throws IOException {
    EtDumpTracer tracer = new EtDumpTracer();
    Path dump = folder.resolve("run.etdp");
    Path file = TestProgram.accumulator(2).write(folder);
    LoadOptions options = LoadOptions.defaults().withTracer(tracer);
    try (PteModule module = PteModule.load(file, options);
        PteModule limited = PteModule.load(file, options.withInstructionLimit(1))) {
      module.forward(input());
      assertThatThrownBy(() -> limited.forward(input())).isInstanceOf(SconceException.class);
      module.forward(input());
    }
    tracer.write(dump);

    EtDump read = EtDumpFile.read(dump);
    assertThat(read.runs()).hasSize(2);
    for (EtDump.Run run : read.runs()) {
      assertThat(run.name()).isEqualTo("Execute");
      assertThat(run.events())
          .extracting(event -> ((ProfileEvent) event).name())
          .containsExactly(
              "native_call_add.out",
              "OPERATOR_CALL",
              "native_call_copy_",
              "OPERATOR_CALL",
              "Method::execute");
    }
  }
}
