package dev.sconce.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Weights of a linear layer in the order in which the kernels read them.
 *
 * <p>Outputs are taken in blocks of {@value #BLOCK}; a block lists, input by input, the weights of
 * its outputs side by side, so that a vector holds one input's weights for neighbouring outputs.
 * The layout is the same for every vector width. What exceeds the number of outputs or inputs is
 * never used.
 *
 * <pre>
 *   float32, float16, bfloat16, int8   block ▸ k ▸ output           (32 elements a k)
 *   int4                               block ▸ k/8 ▸ output         (an int: k mod 8 = 0 lowest,
 *                                                                    value + 8; K padded to 32)
 *   scales per channel                 float32  block ▸ output
 *   scales per group                   bfloat16 block ▸ group ▸ output
 * </pre>
 *
 * <p>Immutable and shared by any number of threads, until the arena it was packed into is closed.
 */
public final class PackedWeights {

  /** How many outputs are stored side by side. */
  public static final int BLOCK = 32;

  private final WeightEncoding encoding;
  private final int outputs;
  private final int inputs;
  private final int groupSize;
  private final MemorySegment values;
  private final MemorySegment scales;
  private final MemorySegment offsets;
  private final @Nullable MemorySegment bias;

  PackedWeights(
      WeightSource source,
      MemorySegment values,
      MemorySegment scales,
      MemorySegment offsets,
      @Nullable MemorySegment bias) {
    this.encoding = source.encoding();
    this.outputs = source.outputs();
    this.inputs = source.inputs();
    this.groupSize = source.groupSize();
    this.values = values;
    this.scales = scales;
    this.offsets = offsets;
    this.bias = bias;
  }

  /** Returns how the weights are stored. */
  public WeightEncoding encoding() {
    return encoding;
  }

  /** Returns N, the number of outputs. */
  public int outputs() {
    return outputs;
  }

  /** Returns K, the number of inputs. */
  public int inputs() {
    return inputs;
  }

  /** Returns how many inputs share a scale. */
  public int groupSize() {
    return groupSize;
  }

  /** Returns the number of blocks of outputs. */
  public int blocks() {
    return (outputs + BLOCK - 1) / BLOCK;
  }

  /** Returns how many inputs are stored: K, for int4 rounded up to a multiple of 32. */
  public int storedInputs() {
    return encoding.bits() == 4 ? (inputs + 31) & -32 : inputs;
  }

  /** Returns the weights. */
  public MemorySegment values() {
    return values;
  }

  /** Returns the scales; empty for float weights. */
  public MemorySegment scales() {
    return scales;
  }

  /**
   * Returns Σ scale·weight over the inputs, float32 per output: what an activation's zero point
   * contributes. Empty for float weights.
   */
  public MemorySegment offsets() {
    return offsets;
  }

  /** Returns the bias, float32 padded to whole blocks, or null. */
  public @Nullable MemorySegment bias() {
    return bias;
  }

  /** Returns how much memory this takes, in bytes; a matrix–vector product reads all of it. */
  public long byteSize() {
    return values.byteSize()
        + scales.byteSize()
        + offsets.byteSize()
        + (bias == null ? 0 : bias.byteSize());
  }

  /** Returns the byte offset of the int that holds the int4 weight of an input. */
  public long nibblesOffset(int block, int k, int output) {
    return 4 * (((long) block * (storedInputs() / 8) + k / 8) * BLOCK + output);
  }
}
