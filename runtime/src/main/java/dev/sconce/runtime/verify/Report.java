package dev.sconce.runtime.verify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of one case.
 *
 * @param name the case
 * @param outputs how each output of each call compares; fewer if a call failed
 * @param failure why the case could not be run to its end, or null
 */
public record Report(String name, List<OutputCheck> outputs, @Nullable Exception failure) {

  /** Copies the list. */
  public Report {
    outputs = List.copyOf(outputs);
  }

  /** Returns whether the case ran and every output is within the tolerance. */
  public boolean passed() {
    return failure == null && outputs.stream().allMatch(OutputCheck::passed);
  }

  /** Returns the largest absolute difference of all outputs. */
  public double maxAbsolute() {
    return outputs.stream().mapToDouble(OutputCheck::maxAbsolute).max().orElse(0);
  }

  /** Returns the largest relative difference of all outputs. */
  public double maxRelative() {
    return outputs.stream().mapToDouble(OutputCheck::maxRelative).max().orElse(0);
  }
}
