package dev.sconce.generate.selftest;

/** A part of a program file. */
public sealed interface Part {

  /** The program table, with the header: methods, instructions, values, default settings. */
  record Table() implements Part {}

  /**
   * A segment other than that of the constants: weights or graphs of a delegate.
   *
   * @param index the segment's index
   */
  record Segment(int index) implements Part {}

  /**
   * A constant that is no blob: a weight, or what rules compare with.
   *
   * @param index the constant's index
   */
  record Constant(int index) implements Part {}

  /**
   * What a constant method returns, such as the tokenizer.
   *
   * @param method the method's name
   */
  record Blob(String method) implements Part {}
}
