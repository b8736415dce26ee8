package dev.sconce.graph.pass;

import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Type;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A constant with its dimensions in another order.
 *
 * @param source the constant as it is
 * @param type its type
 * @param permutation what is done to it
 */
record PermutedData(ConstantData source, Type.TensorType type, Permutation permutation)
    implements ConstantData {

  @Override
  public long byteSize() {
    return source.byteSize();
  }

  @Override
  public void writeTo(MemorySegment target) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment original = arena.allocate(Math.max(1, byteSize()));
      source.writeTo(original.asSlice(0, byteSize()));
      int[] order = permutation.order();
      long[] sizes = new long[order.length];
      long[] steps = new long[order.length];
      long[] shape = type.maxShape();
      for (int i = 0; i < order.length; i++) {
        sizes[i] = shape[order[i]];
        steps[i] = type.dtype().byteSize(1);
        for (int d = order[i] + 1; d < shape.length; d++) {
          steps[i] *= shape[d];
        }
      }
      copy(original, target, sizes, steps);
    }
  }

  /** Copies element by element, in the order of the target. */
  private void copy(MemorySegment original, MemorySegment target, long[] sizes, long[] steps) {
    long element = type.dtype().byteSize(1);
    long[] position = new long[sizes.length];
    long from = 0;
    for (long to = 0; to < byteSize(); to += element) {
      MemorySegment.copy(original, from, target, to, element);
      for (int d = sizes.length - 1; d >= 0; d--) {
        from += steps[d];
        if (++position[d] < sizes[d]) {
          break;
        }
        position[d] = 0;
        from -= steps[d] * sizes[d];
      }
    }
  }

  @Override
  public String identity() {
    return source.identity() + " permuted " + permutation.dims();
  }

  @Override
  public void release() {
    source.release();
  }
}
