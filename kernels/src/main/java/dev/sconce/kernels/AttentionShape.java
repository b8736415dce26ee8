package dev.sconce.kernels;

import dev.sconce.base.InvalidInputException;

/**
 * The sizes of one attention call.
 *
 * @param batch B
 * @param queries S, the number of query positions
 * @param heads H, the number of query heads
 * @param keyHeads the number of key and value heads, a divisor of H
 * @param size D, the size of a head
 * @param keys how many positions of keys and values take part
 * @param capacity how many positions the key and value tensors have, at least {@code keys}
 */
public record AttentionShape(
    int batch, int queries, int heads, int keyHeads, int size, int keys, int capacity) {

  /** Checks the sizes. */
  public AttentionShape {
    if (batch < 0
        || queries < 0
        || size < 1
        || keyHeads < 1
        || heads % keyHeads != 0
        || keys < 0
        || keys > capacity) {
      throw new InvalidInputException(
          "attention",
          "shape",
          "heads a multiple of keyHeads, keys at most capacity",
          "heads %d, keyHeads %d, size %d, keys %d, capacity %d"
              .formatted(heads, keyHeads, size, keys, capacity));
    }
  }
}
