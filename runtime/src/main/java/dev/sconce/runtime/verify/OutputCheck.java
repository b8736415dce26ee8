package dev.sconce.runtime.verify;

import org.jspecify.annotations.Nullable;

/**
 * How one output compares with what is expected.
 *
 * @param label which output, for example {@code call0.out1}
 * @param maxAbsolute the largest absolute difference; NaN if nothing could be compared
 * @param maxRelative the largest relative difference
 * @param where the element of the largest absolute difference, for example {@code [0, 3]}; empty if
 *     there is none
 * @param problem what is wrong, or null if it is within the tolerance
 */
public record OutputCheck(
    String label, double maxAbsolute, double maxRelative, String where, @Nullable String problem) {

  /** Returns whether the output is within the tolerance. */
  public boolean passed() {
    return problem == null;
  }
}
