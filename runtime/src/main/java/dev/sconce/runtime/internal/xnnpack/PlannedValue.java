package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.kernels.QuantizedType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A value of a plan: one of the blob's, or one between the parts of a node.
 *
 * @param index its place in the plan
 * @param name what messages call it
 * @param storage how its elements lie in memory
 * @param role where its memory comes from
 * @param dims the sizes; for values that change, those that the file declares
 * @param type scale and zero point of bytes, otherwise null
 * @param rowDims how many of the last dimensions make a quantized row
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; read by its package only.
record PlannedValue(
    int index,
    String name,
    Storage storage,
    Role role,
    int[] dims,
    @Nullable QuantizedType type,
    int rowDims) {

  /** Where memory comes from. */
  sealed interface Role {

    /** An input of the call. */
    record Input(int argument) implements Role {}

    /** An output of the call. */
    record Output(int argument) implements Role {}

    /** A constant. */
    record Constant(MemorySegment data) implements Role {}

    /** What nodes hand to each other: lies in the method's workspace. */
    record Internal() implements Role {}
  }

  /** Returns scale and zero point, which bytes have. */
  QuantizedType quantizedType() {
    QuantizedType quantized = type;
    if (quantized == null) {
      throw new IllegalStateException(name + " is not quantized");
    }
    return quantized;
  }
}
