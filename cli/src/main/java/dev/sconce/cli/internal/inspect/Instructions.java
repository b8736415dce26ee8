package dev.sconce.cli.internal.inspect;

import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.cli.internal.inspect.CallArgument.Role;
import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.Instruction;
import dev.sconce.format.pte.Instruction.DelegateCall;
import dev.sconce.format.pte.Instruction.FreeCall;
import dev.sconce.format.pte.Instruction.JumpFalseCall;
import dev.sconce.format.pte.Instruction.KernelCall;
import dev.sconce.format.pte.Instruction.MoveCall;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.BoolValue;
import dev.sconce.format.pte.PteValue.TensorListValue;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The instructions of a method, one a line:
 *
 * <pre>
 *      #
 *      0  aten::add.out(self=%0 float32[3], other=%1 float32[3], alpha=1) -&gt; %3 float32[3]
 *   &gt;  1  XnnpackBackend #0(%3 float32[3]) -&gt; %4 float32[3]
 *      2  if not %5 Bool goto 1
 * </pre>
 *
 * <p>Values that change are shown by their number, others as they stand. An exclamation mark is put
 * behind an argument that the operator changes, and {@code >} before an instruction that is jumped
 * to.
 */
public final class Instructions {

  private final Calls calls;

  private Instructions(Calls calls) {
    this.calls = calls;
  }

  static Rows of(Calls calls) {
    return new Instructions(calls).rows();
  }

  /** Returns the line of one instruction. */
  public static String line(Instruction instruction, Calls calls) {
    return new Instructions(calls).line(instruction);
  }

  private Rows rows() {
    Section.Builder rows =
        Rows.of(
                "instructions",
                "instructions",
                Column.json("chain"),
                Column.of("index", ">#"),
                Column.text("call"),
                Column.json("kind"),
                Column.json("callee"),
                Column.json("arguments"),
                Column.json("destination"),
                Column.json("text"))
            .whole();
    for (int c = 0; c < calls.plan().chains().size(); c++) {
      Chain chain = calls.plan().chains().get(c);
      BitSet targets = targets(chain);
      for (int i = 0; i < chain.instructions().size(); i++) {
        Instruction instruction = chain.instructions().get(i);
        Cell line = Cell.of(line(instruction));
        rows.row(
            Cell.of(c),
            Cell.of(i).shown((targets.get(i) ? "> " : "") + i),
            line,
            Cell.of(kind(instruction)),
            Cell.of(calls.callee(instruction)),
            arguments(instruction),
            instruction instanceof JumpFalseCall jump ? Cell.of(jump.destination()) : Cell.none(),
            line);
      }
    }
    return rows.build();
  }

  private static BitSet targets(Chain chain) {
    BitSet targets = new BitSet();
    for (Instruction instruction : chain.instructions()) {
      if (instruction instanceof JumpFalseCall jump) {
        targets.set(jump.destination());
      }
    }
    return targets;
  }

  /** Returns the kind of an instruction as reports name it. */
  public static String kind(Instruction instruction) {
    return switch (instruction) {
      case KernelCall _ -> "kernel";
      case DelegateCall _ -> "delegate";
      case MoveCall _ -> "move";
      case JumpFalseCall _ -> "jumpFalse";
      case FreeCall _ -> "free";
    };
  }

  private Cell arguments(Instruction instruction) {
    List<JsonValue> arguments = new ArrayList<>();
    for (CallArgument argument : calls.arguments(instruction)) {
      PteValue value = calls.plan().values().get(argument.value());
      arguments.add(
          JsonObject.builder()
              .put("name", argument.name())
              .put("role", argument.role().name().toLowerCase(Locale.ROOT))
              .put("value", argument.value())
              .put("kind", Values.kind(value))
              .put("text", Values.operand(argument.value(), calls))
              .build());
    }
    return new Cell("", new JsonArray(arguments));
  }

  private String line(Instruction instruction) {
    return switch (instruction) {
      case KernelCall _, DelegateCall _ -> call(instruction);
      case MoveCall(int from, int to) ->
          "%" + to + " " + type(to) + " = " + Values.operand(from, calls);
      case JumpFalseCall(int condition, int destination) -> jump(condition, destination);
      case FreeCall(int value) -> "free " + Values.operand(value, calls);
    };
  }

  private String type(int value) {
    return Values.type(calls.plan().values().get(value));
  }

  private String jump(int condition, int destination) {
    boolean always =
        !calls.isVariable(condition)
            && calls.plan().values().get(condition) instanceof BoolValue(boolean value)
            && !value;
    return always
        ? "goto " + destination
        : "if not " + Values.operand(condition, calls) + " goto " + destination;
  }

  private String call(Instruction instruction) {
    List<CallArgument> arguments = calls.arguments(instruction);
    List<String> read = new ArrayList<>();
    List<String> results = new ArrayList<>();
    Set<Integer> shown = new HashSet<>();
    for (CallArgument argument : arguments) {
      switch (argument.role()) {
        case READ, UNKNOWN -> read.add(named(argument));
        case CHANGE -> {
          read.add(named(argument).replaceFirst("%\\d+", "$0!"));
          shown.add(argument.value());
        }
        case WRITE, RESULT -> {
          // What is returned is what was written, and named a second time.
          if (!shown.contains(argument.value()) && !repeats(argument, shown)) {
            results.add(Values.operand(argument.value(), calls));
          }
          shown.add(argument.value());
        }
      }
    }
    String call = calls.callee(instruction) + "(" + String.join(", ", read) + ")";
    return results.isEmpty()
        ? call
        : call + " -> " + results.stream().collect(Collectors.joining(", "));
  }

  /** Whether a returned list has the tensors that were written. */
  private boolean repeats(CallArgument argument, Set<Integer> shown) {
    if (argument.role() != Role.RESULT
        || !(calls.plan().values().get(argument.value()) instanceof TensorListValue(Ints items))) {
      return false;
    }
    return items.size() <= shown.size() && shown.containsAll(items);
  }

  private String named(CallArgument argument) {
    String operand = Values.operand(argument.value(), calls);
    return argument.name().isEmpty() ? operand : argument.name() + "=" + operand;
  }
}
