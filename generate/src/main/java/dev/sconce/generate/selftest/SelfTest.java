package dev.sconce.generate.selftest;

import java.util.List;

/** A test that a program carries in itself. */
public sealed interface SelfTest {

  /** Returns the name, unique in the file; failures are reported by it. */
  String name();

  /**
   * A part of the file must have the bytes it was written with.
   *
   * @param name the test's name
   * @param part which bytes
   * @param sha256 their hash, in lower-case hexadecimal digits
   */
  record Content(String name, Part part, String sha256) implements SelfTest {}

  /**
   * The tokenizer in the file must make of a text what it made at export.
   *
   * @param name the test's name
   * @param text the text
   * @param ids its tokens, with special tokens around them
   * @param decoded the text of these tokens, without special tokens
   */
  record Tokens(String name, String text, List<Integer> ids, String decoded) implements SelfTest {

    /** Copies the list. */
    public Tokens {
      ids = List.copyOf(ids);
    }
  }

  /**
   * What is in effect without a word from the user: the file's own generation settings as this
   * library reads them, defaults included.
   *
   * @param name the test's name
   * @param settings the settings, as JSON with keys in order
   */
  record Settings(String name, String settings) implements SelfTest {}

  /**
   * Calls of methods, in order, on a program that was loaded for them, must return what they
   * returned at export.
   *
   * @param name the test's name
   * @param calls the calls
   */
  record Calls(String name, List<Call> calls) implements SelfTest {

    /** Copies the list. */
    public Calls {
      calls = List.copyOf(calls);
    }
  }
}
