package dev.sconce.export;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How near the answers of a written program come to a reference computed from the checkpoint.
 *
 * <p>The reference runs the graphs as they were authored, in plain ATen operators and with one part
 * of one weight in memory at a time; quantised layers with the numbers that their integers stand
 * for, and with their input quantised as the scheme says.
 *
 * @param outputs the outputs that were compared
 */
public record SelfCheck(List<Output> outputs) {

  /** Copies the list. */
  public SelfCheck {
    outputs = List.copyOf(outputs);
  }

  /**
   * One output of one call.
   *
   * @param method the method's name
   * @param call the number of the call, from 1
   * @param output the number of the output, from 0
   * @param difference the largest difference of an element over the largest magnitude of the
   *     reference; infinite if shapes differ or an element is no number
   * @param tolerance how large the difference may be
   */
  public record Output(String method, int call, int output, double difference, double tolerance) {

    /** Returns whether the output is near enough to the reference. */
    public boolean passed() {
      return difference <= tolerance;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "output %d of '%s', call %d: off by %.2e of the largest number, tolerance %.1e",
          output,
          method,
          call,
          difference,
          tolerance);
    }
  }

  /** Returns whether every output is near enough to the reference. */
  public boolean passed() {
    return outputs.stream().allMatch(Output::passed);
  }

  /** Returns the output that is furthest off, measured by its tolerance. */
  public Optional<Output> worst() {
    return outputs.stream()
        .max(Comparator.comparingDouble(output -> output.difference() / output.tolerance()));
  }
}
