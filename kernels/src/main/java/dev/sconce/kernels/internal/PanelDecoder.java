package dev.sconce.kernels.internal;

import dev.sconce.kernels.PackedWeights;

/** Turns packed weights into float panels. */
public interface PanelDecoder {

  /**
   * Writes the float values of the inputs {@code firstInput … endInput-1} of one block.
   *
   * @param weights the weights
   * @param block the block of outputs
   * @param firstInput a multiple of 32
   * @param endInput a multiple of 32, or the number of inputs
   * @param panel [endInput - firstInput, 32]
   */
  void decode(PackedWeights weights, int block, int firstInput, int endInput, float[] panel);
}
