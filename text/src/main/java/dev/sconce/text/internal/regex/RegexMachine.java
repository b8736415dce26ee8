package dev.sconce.text.internal.regex;

import dev.sconce.base.InvalidInputException;
import dev.sconce.text.internal.regex.RegexNode.Assertion;
import dev.sconce.text.internal.regex.RegexNode.Mode;
import dev.sconce.text.internal.unicode.CodePointSet;
import dev.sconce.text.internal.unicode.UnicodeTables;
import java.util.Arrays;

/**
 * Runs a program over one text by backtracking with a stack of its own: no text can overflow the
 * thread's stack, and a budget of steps stops a pattern that would try forever.
 *
 * <pre>
 *   frame on the stack: [ pc ][ place ][ limit ][ extra ]
 *     choice        pc ≥ 0, extra = CHOICE        go on at pc, place
 *     greedy loop   pc ≥ 0, extra = GREEDY        give characters back down to limit
 *     lazy loop     pc ≥ 0, extra = set           take characters while limit lasts
 *     register      pc = -1, place = register     restore limit into it
 * </pre>
 */
@SuppressWarnings("EnumOrdinal") // Operands of instructions are numbers.
final class RegexMachine {

  private static final int FRAME = 4;
  private static final int CHOICE = -1;
  private static final int GREEDY = -2;
  private static final int MAX_STACK = 1 << 26;
  private static final long FREE_STEPS = 100_000;
  private static final long STEPS_PER_CHARACTER = 500;
  private static final Assertion[] ASSERTIONS = Assertion.values();

  private final String pattern;
  private final RegexProgram program;
  private final int[] code;
  private final String text;
  private final int begin;
  private final int end;
  private final int[] registers;
  private final CodePointSet word;
  private int[] stack = new int[64 * FRAME];
  private int top;
  private long steps;

  RegexMachine(String pattern, RegexProgram program, String text, int begin, int end) {
    this.pattern = pattern;
    this.program = program;
    this.code = program.code();
    this.text = text;
    this.begin = begin;
    this.end = end;
    this.registers = new int[program.registers()];
    this.word = UnicodeTables.get().set("onig.word");
    this.steps = FREE_STEPS + STEPS_PER_CHARACTER * (end - begin);
  }

  /** Returns the first match at or after an index as {@code start << 32 | end}, or -1. */
  long find(int from) {
    CodePointSet first = program.first();
    for (int at = from; at <= end; ) {
      int c = at < end ? codePointAt(at) : -1;
      if (first == null || (c >= 0 && first.contains(c))) {
        Arrays.fill(registers, -1);
        top = 0;
        int matchEnd = run(0, at);
        if (matchEnd >= 0) {
          return ((long) at << 32) | matchEnd;
        }
      }
      at += c < 0 ? 1 : Character.charCount(c);
    }
    return MatchFinder.NONE;
  }

  private int codePointAt(int at) {
    char c = text.charAt(at);
    return Character.isHighSurrogate(c) && at + 1 < end
        ? Character.toCodePoint(c, text.charAt(at + 1))
        : c;
  }

  private int before(int at) {
    return Character.isLowSurrogate(text.charAt(at - 1)) && at - 1 > begin ? at - 2 : at - 1;
  }

  private void push(int pc, int place, int limit, int extra) {
    if (top + FRAME > stack.length) {
      if (stack.length >= MAX_STACK) {
        throw exhausted("memory");
      }
      stack = Arrays.copyOf(stack, stack.length * 2);
    }
    stack[top] = pc;
    stack[top + 1] = place;
    stack[top + 2] = limit;
    stack[top + 3] = extra;
    top += FRAME;
  }

  private InvalidInputException exhausted(String what) {
    return new InvalidInputException(
        "tokenizer",
        "the text to be matched by the pattern " + pattern,
        "a text on which the pattern stays within its budget of " + what,
        "a text of " + (end - begin) + " characters that exhausts it");
  }

  private void set(int register, int value) {
    push(-1, register, registers[register], CHOICE);
    registers[register] = value;
  }

  /** Runs from an instruction to its MATCH and returns where the match ends, or -1. */
  private int run(int startPc, int startAt) {
    int base = top;
    int pc = startPc;
    int at = startAt;
    while (true) {
      if (--steps < 0) {
        throw exhausted("steps");
      }
      boolean fails = false;
      switch (code[pc]) {
        case RegexProgram.MATCH -> {
          return at;
        }
        case RegexProgram.SET -> {
          int c = at < end ? codePointAt(at) : -1;
          if (c >= 0 && program.sets()[code[pc + 1]].contains(c)) {
            at += Character.charCount(c);
            pc += 2;
          } else {
            fails = true;
          }
        }
        case RegexProgram.SPLIT -> {
          push(code[pc + 1], at, 0, CHOICE);
          pc += 2;
        }
        case RegexProgram.LAZY_SPLIT -> {
          push(pc + 2, at, 0, CHOICE);
          pc = code[pc + 1];
        }
        case RegexProgram.JUMP -> pc = code[pc + 1];
        case RegexProgram.SET_LOOP -> {
          at = setLoop(pc, at);
          fails = at < 0;
          pc += 5;
        }
        case RegexProgram.SAVE, RegexProgram.MARK -> {
          set(code[pc + 1], at);
          pc += 2;
        }
        case RegexProgram.IF_PROGRESS -> pc = registers[code[pc + 1]] == at ? pc + 3 : code[pc + 2];
        case RegexProgram.BACK_REFERENCE -> {
          int from = registers[code[pc + 1] * 2];
          int length = registers[code[pc + 1] * 2 + 1] - from;
          fails =
              from < 0
                  || length < 0
                  || at + length > end
                  || !text.regionMatches(from, text, at, length);
          at += length;
          pc += 2;
        }
        case RegexProgram.ASSERT -> {
          fails = !holds(ASSERTIONS[code[pc + 1]], at);
          pc += 2;
        }
        case RegexProgram.ATOMIC -> {
          at = nested(pc, at, true);
          fails = at < 0;
          pc = code[pc + 1];
        }
        default -> {
          fails = !look(pc, at);
          pc = code[pc + 1];
        }
      }
      if (fails) {
        if (!backtrack(base)) {
          return -1;
        }
        pc = resumePc;
        at = resumeAt;
      }
    }
  }

  private int resumePc;
  private int resumeAt;

  /** Pops frames down to a base until one gives another way to go on. */
  private boolean backtrack(int base) {
    while (top > base) {
      int frame = top - FRAME;
      int pc = stack[frame];
      int place = stack[frame + 1];
      int extra = stack[frame + 3];
      if (pc < 0) {
        registers[place] = stack[frame + 2];
        top = frame;
        continue;
      }
      resumePc = pc;
      if (extra == CHOICE) {
        resumeAt = place;
        top = frame;
        return true;
      }
      if (extra == GREEDY) {
        resumeAt = before(place);
        if (resumeAt <= stack[frame + 2]) {
          top = frame;
        } else {
          stack[frame + 1] = resumeAt;
        }
        return true;
      }
      int c = place < end ? codePointAt(place) : -1;
      if (c < 0 || !program.sets()[extra].contains(c)) {
        top = frame;
        continue;
      }
      resumeAt = place + Character.charCount(c);
      stack[frame + 1] = resumeAt;
      if (--stack[frame + 2] == 0) {
        top = frame;
      }
      return true;
    }
    return false;
  }

  private int setLoop(int pc, int start) {
    CodePointSet set = program.sets()[code[pc + 1]];
    int min = code[pc + 2];
    int max = code[pc + 3];
    boolean lazy = code[pc + 4] == Mode.LAZY.ordinal();
    int wanted = lazy ? min : max;
    int at = start;
    int least = min == 0 ? start : -1;
    int count = 0;
    while (count < wanted && at < end) {
      int c = codePointAt(at);
      if (!set.contains(c)) {
        break;
      }
      at += Character.charCount(c);
      if (++count == min) {
        least = at;
      }
    }
    steps -= count;
    if (count < min) {
      return -1;
    }
    if (lazy && max > min) {
      push(pc + 5, at, max - min, code[pc + 1]);
    } else if (code[pc + 4] == Mode.GREEDY.ordinal() && at > least) {
      push(pc + 5, at, least, GREEDY);
    }
    return at;
  }

  // A nested run leaves its frames on success; what it saved in registers must still be undone when
  // the enclosing match backtracks, so only the frames that restore registers stay.
  private int nested(int pc, int at, boolean keepRegisters) {
    int base = top;
    int matched = run(pc + 3, at);
    int kept = base;
    for (int frame = base; keepRegisters && matched >= 0 && frame < top; frame += FRAME) {
      if (stack[frame] < 0) {
        System.arraycopy(stack, frame, stack, kept, FRAME);
        kept += FRAME;
      }
    }
    if (!keepRegisters && matched >= 0) {
      for (int frame = top - FRAME; frame >= base; frame -= FRAME) {
        if (stack[frame] < 0) {
          registers[stack[frame + 1]] = stack[frame + 2];
        }
      }
    }
    top = kept;
    return matched;
  }

  private boolean look(int pc, int at) {
    int op = code[pc];
    boolean negative = op == RegexProgram.NOT_AHEAD || op == RegexProgram.NOT_BEHIND;
    int from = at;
    for (int i = 0; i < code[pc + 2]; i++) {
      if (from <= begin) {
        return negative;
      }
      from = before(from);
    }
    return nested(pc, from, !negative) >= 0 != negative;
  }

  private boolean holds(Assertion assertion, int at) {
    return switch (assertion) {
      case TEXT_START -> at == begin;
      case TEXT_END -> at == end;
      case LINE_START -> at == begin || (at < end && text.charAt(at - 1) == '\n');
      case LINE_END -> at == end || text.charAt(at) == '\n';
      case TEXT_END_OR_FINAL_NEWLINE -> at == end || (at == end - 1 && text.charAt(at) == '\n');
      case WORD_BOUNDARY -> isWordBefore(at) != isWordAt(at);
      case NOT_WORD_BOUNDARY -> isWordBefore(at) == isWordAt(at);
    };
  }

  private boolean isWordBefore(int at) {
    return at > begin && word.contains(codePointAt(before(at)));
  }

  private boolean isWordAt(int at) {
    return at < end && word.contains(codePointAt(at));
  }
}
