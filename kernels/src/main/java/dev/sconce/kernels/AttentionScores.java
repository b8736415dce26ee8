package dev.sconce.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the scores q·k before their softmax.
 *
 * @param scale what they are multiplied with
 * @param causal whether query r sees only keys up to {@code startPosition + r}
 * @param startPosition the position of the first query
 * @param mask float32 [S, maskStride] that is added, or null
 * @param maskStride the distance of two rows of the mask in elements
 */
public record AttentionScores(
    float scale, boolean causal, int startPosition, @Nullable MemorySegment mask, int maskStride) {

  /** Returns plain scores: scaled, all keys visible. */
  public static AttentionScores scaled(float scale) {
    return new AttentionScores(scale, false, 0, null, 0);
  }

  /** Returns scores of which a query sees those of its own and earlier positions. */
  public static AttentionScores causal(float scale, int startPosition) {
    return new AttentionScores(scale, true, startPosition, null, 0);
  }

  /** Returns scores with an additive mask [S, maskStride]. */
  public static AttentionScores masked(float scale, MemorySegment mask, int maskStride) {
    return new AttentionScores(scale, false, 0, mask, maskStride);
  }

  /** Returns how many of the keys a query sees. */
  int visible(int query, int keys) {
    return causal ? Math.clamp((long) startPosition + query + 1, 0, keys) : keys;
  }
}
