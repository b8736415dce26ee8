package dev.sconce.format.xnnpack;

/**
 * What an {@link XnnOperation.Pooling} makes of a window. Constants are named as in {@link
 * XnnNodeKind}.
 */
public enum PoolingReduction {
  /** The mean of a window. */
  AVG_POOLING_2D,
  /** The maximum of a window. */
  MAX_POOLING_2D
}
