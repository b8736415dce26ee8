package dev.sconce.kernels.internal;

import dev.sconce.kernels.PackedWeights;

/** Turns packed weights into float panels. */
public interface PanelDecoder {

  /**
   * Writes the float values of one block.
   *
   * @param weights the weights
   * @param block the block of outputs
   * @param panel [K, 32]
   */
  void decode(PackedWeights weights, int block, float[] panel);
}
