package dev.sconce.format.xnnpack;

import org.jspecify.annotations.Nullable;

/**
 * A node of the graph.
 *
 * @param operation what it computes
 * @param debugHandle the exporter's number of the node, which event dumps repeat
 * @param outputRange the range to which the output is clamped; null for none
 */
public record XnnNode(XnnOperation operation, long debugHandle, @Nullable OutputRange outputRange) {

  /**
   * A range of outputs.
   *
   * @param min the least output
   * @param max the greatest output
   */
  public record OutputRange(float min, float max) {}

  /** Returns the least output: negative infinity if nothing bounds it. */
  public float outputMin() {
    return outputRange == null ? Float.NEGATIVE_INFINITY : outputRange.min();
  }

  /** Returns the greatest output: infinity if nothing bounds it. */
  public float outputMax() {
    return outputRange == null ? Float.POSITIVE_INFINITY : outputRange.max();
  }
}
