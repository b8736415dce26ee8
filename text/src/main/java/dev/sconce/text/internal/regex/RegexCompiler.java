package dev.sconce.text.internal.regex;

import dev.sconce.text.internal.regex.RegexNode.Mode;
import dev.sconce.text.internal.unicode.CodePointRanges;
import dev.sconce.text.internal.unicode.CodePointSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns nodes into the instructions that {@link RegexMachine} runs. */
@SuppressWarnings("EnumOrdinal") // Operands of instructions are numbers.
final class RegexCompiler {

  private static final int MAX_INSTRUCTIONS = 100_000;

  private int[] code = new int[64];
  private int size;
  private int registers;
  private final List<CodePointSet> sets = new ArrayList<>();
  private final Map<CodePointRanges, Integer> setIds = new HashMap<>();

  /** Compiles a pattern's nodes. */
  static RegexProgram compile(RegexNode root, int groups) throws RegexSyntaxException {
    RegexCompiler compiler = new RegexCompiler();
    compiler.registers = (groups + 1) * 2;
    compiler.emit(root);
    compiler.op(RegexProgram.MATCH);
    FirstSet first = FirstSet.of(root);
    return new RegexProgram(
        Arrays.copyOf(compiler.code, compiler.size),
        compiler.sets.toArray(CodePointSet[]::new),
        compiler.registers,
        first.canBeEmpty() ? null : first.set().toSet());
  }

  private int op(int... words) throws RegexSyntaxException {
    if (size + words.length > MAX_INSTRUCTIONS) {
      throw new RegexSyntaxException(
          "a pattern of more than " + MAX_INSTRUCTIONS + " instructions");
    }
    if (size + words.length > code.length) {
      code = Arrays.copyOf(code, (size + words.length) * 2);
    }
    System.arraycopy(words, 0, code, size, words.length);
    size += words.length;
    return size - words.length;
  }

  private int set(CodePointRanges ranges) {
    return setIds.computeIfAbsent(
        ranges,
        r -> {
          sets.add(r.toSet());
          return sets.size() - 1;
        });
  }

  private void emit(RegexNode node) throws RegexSyntaxException {
    switch (node) {
      case RegexNode.Characters(CodePointRanges set) -> op(RegexProgram.SET, set(set));
      case RegexNode.Concat(List<RegexNode> parts) -> {
        for (RegexNode part : parts) {
          emit(part);
        }
      }
      case RegexNode.Alternation(List<RegexNode> alternatives) -> alternation(alternatives);
      case RegexNode.Repeat repeat -> repeat(repeat);
      case RegexNode.Atomic(RegexNode body) -> nested(RegexProgram.ATOMIC, body, 0);
      case RegexNode.LookAhead(RegexNode body, boolean negative) ->
          nested(negative ? RegexProgram.NOT_AHEAD : RegexProgram.AHEAD, body, 0);
      case RegexNode.LookBehind(RegexNode body, boolean negative) -> lookBehind(body, negative);
      case RegexNode.Capture(int number, RegexNode body) -> {
        op(RegexProgram.SAVE, number * 2);
        emit(body);
        op(RegexProgram.SAVE, number * 2 + 1);
      }
      case RegexNode.BackReference(int number) -> op(RegexProgram.BACK_REFERENCE, number);
      case RegexNode.Assertion assertion -> op(RegexProgram.ASSERT, assertion.ordinal());
    }
  }

  private void alternation(List<RegexNode> alternatives) throws RegexSyntaxException {
    List<Integer> exits = new ArrayList<>();
    for (int i = 0; i < alternatives.size(); i++) {
      boolean last = i == alternatives.size() - 1;
      int split = last ? -1 : op(RegexProgram.SPLIT, 0);
      emit(alternatives.get(i));
      if (!last) {
        exits.add(op(RegexProgram.JUMP, 0));
        code[split + 1] = size;
      }
    }
    for (int exit : exits) {
      code[exit + 1] = size;
    }
  }

  // ATOMIC|AHEAD|NOT_AHEAD end argument; body; MATCH; end:
  private void nested(int opcode, RegexNode body, int argument) throws RegexSyntaxException {
    int start = op(opcode, 0, argument);
    emit(body);
    op(RegexProgram.MATCH);
    code[start + 1] = size;
  }

  private void lookBehind(RegexNode body, boolean negative) throws RegexSyntaxException {
    List<RegexNode> alternatives =
        body instanceof RegexNode.Alternation(List<RegexNode> list) ? list : List.of(body);
    // (?<!a|b) is (?<!a)(?<!b); (?<=a|b) is (?:(?<=a)|(?<=b)).
    if (negative) {
      for (RegexNode alternative : alternatives) {
        nested(RegexProgram.NOT_BEHIND, alternative, fixedLength(alternative));
      }
      return;
    }
    List<Integer> exits = new ArrayList<>();
    for (int i = 0; i < alternatives.size(); i++) {
      boolean last = i == alternatives.size() - 1;
      int split = last ? -1 : op(RegexProgram.SPLIT, 0);
      nested(RegexProgram.BEHIND, alternatives.get(i), fixedLength(alternatives.get(i)));
      if (!last) {
        exits.add(op(RegexProgram.JUMP, 0));
        code[split + 1] = size;
      }
    }
    for (int exit : exits) {
      code[exit + 1] = size;
    }
  }

  private static int fixedLength(RegexNode node) throws RegexSyntaxException {
    return switch (node) {
      case RegexNode.Characters _ -> 1;
      case RegexNode.Concat(List<RegexNode> parts) -> {
        int sum = 0;
        for (RegexNode part : parts) {
          sum += fixedLength(part);
        }
        yield sum;
      }
      case RegexNode.Alternation(List<RegexNode> alternatives) -> {
        int length = fixedLength(alternatives.getFirst());
        for (RegexNode alternative : alternatives) {
          if (fixedLength(alternative) != length) {
            throw new RegexSyntaxException("a look-behind of several lengths");
          }
        }
        yield length;
      }
      case RegexNode.Repeat(RegexNode body, int min, int max, Mode _) -> {
        if (min != max) {
          throw new RegexSyntaxException("a look-behind of variable length");
        }
        yield min * fixedLength(body);
      }
      case RegexNode.Atomic(RegexNode body) -> fixedLength(body);
      case RegexNode.Capture(int _, RegexNode body) -> fixedLength(body);
      case RegexNode.LookAhead _, RegexNode.LookBehind _, RegexNode.Assertion _ -> 0;
      case RegexNode.BackReference _ ->
          throw new RegexSyntaxException("a back reference inside a look-behind");
    };
  }

  private void repeat(RegexNode.Repeat repeat) throws RegexSyntaxException {
    if (repeat.body() instanceof RegexNode.Characters(CodePointRanges ranges)) {
      op(
          RegexProgram.SET_LOOP,
          set(ranges),
          repeat.min(),
          repeat.max() < 0 ? Integer.MAX_VALUE : repeat.max(),
          repeat.mode().ordinal());
      return;
    }
    if (repeat.mode() == Mode.POSSESSIVE) {
      nested(
          RegexProgram.ATOMIC,
          new RegexNode.Repeat(repeat.body(), repeat.min(), repeat.max(), Mode.GREEDY),
          0);
      return;
    }
    for (int i = 0; i < repeat.min(); i++) {
      emit(repeat.body());
    }
    boolean greedy = repeat.mode() == Mode.GREEDY;
    if (repeat.max() < 0) {
      loop(repeat.body(), greedy);
      return;
    }
    List<Integer> exits = new ArrayList<>();
    for (int i = repeat.min(); i < repeat.max(); i++) {
      exits.add(op(greedy ? RegexProgram.SPLIT : RegexProgram.LAZY_SPLIT, 0));
      emit(repeat.body());
    }
    for (int exit : exits) {
      code[exit + 1] = size;
    }
  }

  // loop: SPLIT exit; MARK r; body; IF_PROGRESS r loop; exit:
  // A body that matched nothing ends the loop, as every engine has it.
  private void loop(RegexNode body, boolean greedy) throws RegexSyntaxException {
    int register = registers++;
    int start = op(greedy ? RegexProgram.SPLIT : RegexProgram.LAZY_SPLIT, 0);
    op(RegexProgram.MARK, register);
    emit(body);
    op(RegexProgram.IF_PROGRESS, register, start);
    code[start + 1] = size;
  }
}
