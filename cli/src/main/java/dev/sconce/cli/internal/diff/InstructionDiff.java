package dev.sconce.cli.internal.diff;

import dev.sconce.cli.internal.inspect.CallArgument;
import dev.sconce.cli.internal.inspect.Calls;
import dev.sconce.cli.internal.inspect.Instructions;
import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.Instruction;
import dev.sconce.format.pte.Instruction.DelegateCall;
import dev.sconce.format.pte.Instruction.JumpFalseCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The instructions that only one of two methods has. Methods number their values as they like, so
 * instructions are aligned by what they call and by what their arguments are; where all agree, the
 * numbers must correspond one to one.
 */
final class InstructionDiff {

  private final Section.Builder rows =
      Rows.of(
          "instructions",
          "instructions",
          Column.of("method", "method"),
          Column.of("side", "in"),
          Column.of("index", ">#"),
          Column.of("text", "call"));

  /** Small numbers for instructions, equal for equal ones. */
  private final Map<Object, Integer> numbers = new HashMap<>();

  /** Compares a method that both programs have. */
  void compare(
      String method, ProgramSide a, Calls callsA, ProgramSide b, Calls callsB, Differences into) {
    List<Instruction> as = instructions(callsA);
    List<Instruction> bs = instructions(callsB);
    int[] partners = Alignment.of(number(a, callsA, as), number(b, callsB, bs));
    boolean equal = as.size() == bs.size();
    int next = 0;
    int only = 0;
    for (int i = 0; i < as.size(); i++) {
      if (partners[i] == Alignment.NONE) {
        row(method, "A", i, as.get(i), callsA);
        equal = false;
        only++;
        continue;
      }
      while (next < partners[i]) {
        row(method, "B", next, bs.get(next), callsB);
        next++;
      }
      next++;
    }
    while (next < bs.size()) {
      row(method, "B", next, bs.get(next), callsB);
      next++;
    }
    if (!equal) {
      int common = as.size() - only;
      into.add(
          "instructions",
          method,
          as.size() + ", of which " + common + " common",
          bs.size() + ", of which " + common + " common");
    } else {
      flow(method, callsA, as, callsB, bs, into);
    }
  }

  Rows rows() {
    return rows.build();
  }

  private void row(String method, String side, int index, Instruction instruction, Calls calls) {
    rows.row(
        Cell.of(method),
        Cell.of(side).shown((side.equals("A") ? "- " : "+ ") + side),
        Cell.of(index),
        Cell.of(Instructions.line(instruction, calls)));
  }

  private static List<Instruction> instructions(Calls calls) {
    List<Instruction> all = new ArrayList<>();
    for (Chain chain : calls.plan().chains()) {
      all.addAll(chain.instructions());
    }
    return all;
  }

  private int[] number(ProgramSide side, Calls calls, List<Instruction> instructions) {
    ValueKeys keys = new ValueKeys(side, calls);
    int[] numbered = new int[instructions.size()];
    for (int i = 0; i < numbered.length; i++) {
      Instruction instruction = instructions.get(i);
      List<Object> key = new ArrayList<>();
      key.add(Instructions.kind(instruction));
      key.add(callee(side, calls, instruction));
      if (instruction instanceof JumpFalseCall jump) {
        key.add(jump.destination() - i);
      }
      for (CallArgument argument : calls.arguments(instruction)) {
        key.add(number(keys.of(argument.value())));
      }
      numbered[i] = number(key);
    }
    return numbered;
  }

  private int number(Object key) {
    return numbers.computeIfAbsent(key, _ -> numbers.size());
  }

  /** Delegates are known by their blobs, not by their numbers. */
  private static String callee(ProgramSide side, Calls calls, Instruction instruction) {
    if (instruction instanceof DelegateCall(int delegate, _)) {
      var blob = side.blobs.of(calls.plan().delegates().get(delegate));
      return blob.id() + " " + side.contents.hash(blob.bytes().memory());
    }
    return calls.callee(instruction);
  }

  /** Both do the same steps: whether also with the same data. */
  private static void flow(
      String method,
      Calls callsA,
      List<Instruction> as,
      Calls callsB,
      List<Instruction> bs,
      Differences into) {
    Map<Integer, Integer> toB = new HashMap<>();
    Map<Integer, Integer> toA = new HashMap<>();
    Ints inputsA = callsA.plan().inputs();
    Ints inputsB = callsB.plan().inputs();
    for (int i = 0; i < Math.min(inputsA.size(), inputsB.size()); i++) {
      toB.put(inputsA.at(i), inputsB.at(i));
      toA.put(inputsB.at(i), inputsA.at(i));
    }
    for (int i = 0; i < as.size(); i++) {
      List<CallArgument> argumentsA = callsA.arguments(as.get(i));
      List<CallArgument> argumentsB = callsB.arguments(bs.get(i));
      for (int k = 0; k < argumentsA.size(); k++) {
        int a = argumentsA.get(k).value();
        int b = argumentsB.get(k).value();
        boolean named = callsA.isVariable(a) || callsB.isVariable(b);
        if (named
            && (toB.merge(a, b, (old, _) -> old) != b || toA.merge(b, a, (old, _) -> old) != a)) {
          into.add(
              "data flow",
              method + ", instruction " + i,
              Instructions.line(as.get(i), callsA),
              Instructions.line(bs.get(i), callsB));
          return;
        }
      }
    }
    Ints outputsA = callsA.plan().outputs();
    Ints outputsB = callsB.plan().outputs();
    for (int i = 0; i < Math.min(outputsA.size(), outputsB.size()); i++) {
      int b = toB.getOrDefault(outputsA.at(i), outputsB.at(i));
      if (b != outputsB.at(i)) {
        into.add("data flow", method + ", output " + i, "%" + outputsA.at(i), "%" + outputsB.at(i));
      }
    }
  }
}
