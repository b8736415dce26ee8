package dev.sconce.generate.selftest;

import dev.sconce.generate.resource.Getters;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.runtime.PteModule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The tests that a program carries in itself: {@code self_test_blob}, JSON in UTF-8.
 *
 * @param tolerance how far floating-point outputs may be off
 * @param tests the tests, in the order in which they are run
 */
public record SelfTests(Tolerance tolerance, List<SelfTest> tests) {

  /** The version of the form that this library writes and reads. */
  public static final int VERSION = 1;

  /** Copies the list. */
  public SelfTests {
    tests = List.copyOf(tests);
  }

  /**
   * How far floating-point outputs may be off on another machine or runtime.
   *
   * @param scheme what the weights are stored as, for example {@code 8da4w}
   * @param relative the greatest difference, relative to the root mean square of the output
   * @param absolute the greatest difference over all expectations of the tests: what to pass to a
   *     runtime that takes one number
   */
  public record Tolerance(String scheme, double relative, double absolute) {}

  /**
   * Reads the tests of a program.
   *
   * @return empty if it has none
   * @throws dev.sconce.base.MalformedFileException if they are not well-formed
   */
  public static Optional<SelfTests> of(PteModule module) {
    List<byte[]> blobs = new Getters(module).blobs(ResourceNames.SELF_TEST_BLOB);
    return blobs.isEmpty()
        ? Optional.empty()
        : Optional.of(
            parse(module.program().name() + ", " + ResourceNames.SELF_TEST_BLOB, blobs.getFirst()));
  }

  /**
   * Reads tests from JSON.
   *
   * @param file the name that errors show
   * @throws dev.sconce.base.MalformedFileException if they are not well-formed
   */
  public static SelfTests parse(String file, byte[] json) {
    return SelfTestReader.read(file, json);
  }

  /** Returns the tests as JSON. */
  public byte[] toJson() {
    return SelfTestWriter.write(this).getBytes(StandardCharsets.UTF_8);
  }
}
