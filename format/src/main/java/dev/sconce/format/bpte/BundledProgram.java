package dev.sconce.format.bpte;

import dev.sconce.format.Blob;
import java.util.List;

/**
 * A program with tests.
 *
 * @param version the schema version
 * @param suites the tests of methods
 * @param program a whole {@code .pte} file, whose own offsets count from its start
 */
public record BundledProgram(long version, List<Suite> suites, Blob program) {

  /** Creates the record with a copy of the list. */
  public BundledProgram {
    suites = List.copyOf(suites);
  }

  /**
   * The tests of one method.
   *
   * @param method the method's name
   * @param cases the tests
   */
  public record Suite(String method, List<Case> cases) {

    /** Creates the record with a copy of the list. */
    public Suite {
      cases = List.copyOf(cases);
    }
  }

  /**
   * One call and what it should return.
   *
   * @param inputs the inputs of the method
   * @param expected the outputs that are expected; may be empty to have no expectation
   */
  public record Case(List<BundledValue> inputs, List<BundledValue> expected) {

    /** Creates the record with copies of the lists. */
    public Case {
      inputs = List.copyOf(inputs);
      expected = List.copyOf(expected);
    }
  }
}
