package dev.sconce.kernels;

import java.util.List;

/**
 * The filter of a convolution, packed: one matrix of weights a group.
 *
 * @param groups the matrices, [outputs of a group, taps · inputs of a group]
 */
public record PackedConvolution(List<PackedWeights> groups) {

  /** Copies the list. */
  public PackedConvolution {
    groups = List.copyOf(groups);
  }

  /** Returns how much memory this takes, in bytes. */
  public long byteSize() {
    return groups.stream().mapToLong(PackedWeights::byteSize).sum();
  }
}
