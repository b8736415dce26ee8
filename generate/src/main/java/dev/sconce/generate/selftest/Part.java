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

  /** The constants before the self-tests: weights and blobs. */
  record Constants() implements Part {}

  /**
   * What a constant method returns, such as the tokenizer.
   *
   * @param method the method's name
   */
  record Blob(String method) implements Part {}
}
