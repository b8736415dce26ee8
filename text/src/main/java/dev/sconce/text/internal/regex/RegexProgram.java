package dev.sconce.text.internal.regex;

import dev.sconce.text.internal.unicode.CodePointSet;
import org.jspecify.annotations.Nullable;

/**
 * A compiled pattern.
 *
 * @param code the instructions, opcode and operands in a row
 * @param sets the sets that instructions name
 * @param registers the number of registers: two for each group, one for each loop
 * @param first what a match begins with, or null if it can be empty
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record RegexProgram(int[] code, CodePointSet[] sets, int registers, @Nullable CodePointSet first) {

  /** Ends a match. */
  static final int MATCH = 0;

  /** SET set: consumes a character of a set. */
  static final int SET = 1;

  /** SPLIT other: goes on, and tries {@code other} if that fails. */
  static final int SPLIT = 2;

  /** LAZY_SPLIT other: goes to {@code other}, and goes on here if that fails. */
  static final int LAZY_SPLIT = 3;

  /** JUMP target. */
  static final int JUMP = 4;

  /** SET_LOOP set min max mode: consumes several characters of a set. */
  static final int SET_LOOP = 5;

  /** SAVE register: remembers the place in a group's register. */
  static final int SAVE = 6;

  /** MARK register: remembers the place at which a turn of a loop began. */
  static final int MARK = 7;

  /** IF_PROGRESS register target: goes to {@code target} if something was consumed since MARK. */
  static final int IF_PROGRESS = 8;

  /** BACK_REFERENCE group: consumes what a group matched. */
  static final int BACK_REFERENCE = 9;

  /** ASSERT kind: checks the place. */
  static final int ASSERT = 10;

  /** ATOMIC end _: consumes the first match of the body that ends with MATCH before {@code end}. */
  static final int ATOMIC = 11;

  /** AHEAD end _: checks that the body matches here. */
  static final int AHEAD = 12;

  /** NOT_AHEAD end _: checks that the body does not match here. */
  static final int NOT_AHEAD = 13;

  /** BEHIND end length: checks that the body matches {@code length} characters before here. */
  static final int BEHIND = 14;

  /** NOT_BEHIND end length: checks that it does not. */
  static final int NOT_BEHIND = 15;
}
