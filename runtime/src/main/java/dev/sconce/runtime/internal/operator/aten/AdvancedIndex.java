package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.DType;
import dev.sconce.ops.Broadcasting;
import dev.sconce.ops.Shape;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.Layouts;
import dev.sconce.runtime.internal.operator.element.View;
import dev.sconce.runtime.internal.operator.element.Walk;
import dev.sconce.runtime.internal.slot.TensorListSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code tensor[i, :, j]} selects, where i and j are tensors of indices or masks.
 *
 * <p>The index tensors meet in one shape, the block; the selection has the block's dimensions and
 * those that are not indexed. The block stands where the indexed dimensions were if these are
 * neighbours, in front otherwise.
 */
final class AdvancedIndex {

  private final Shape block;
  private final int blockAt;
  private final long[] blockOffsets;
  private final long[] restSizes;
  private final long[] restStrides;

  private AdvancedIndex(
      Shape block, int blockAt, long[] blockOffsets, long[] restSizes, long[] restStrides) {
    this.block = block;
    this.blockAt = blockAt;
    this.blockOffsets = blockOffsets;
    this.restSizes = restSizes;
    this.restStrides = restStrides;
  }

  /** One indexed dimension: the indices into it, and the shape they lie in. */
  private static final class Indexed {
    final int dim;
    final Shape shape;
    final long[] indices;

    Indexed(int dim, Shape shape, long[] indices) {
      this.dim = dim;
      this.shape = shape;
      this.indices = indices;
    }
  }

  /** Reads the indices of a selection from a tensor; all are checked against its sizes. */
  static AdvancedIndex of(TensorSlot self, TensorListSlot indices) {
    List<Indexed> indexed = new ArrayList<>();
    int dim = 0;
    for (int i = 0; i < indices.size(); i++) {
      TensorSlot index = indices.getOptional(i);
      if (index == null) {
        dim++;
      } else if (index.dtype() == DType.BOOL || index.dtype() == DType.UINT8) {
        addMask(self, dim, index, indexed);
        dim += index.rank();
      } else {
        requireDimension(self, dim);
        Operands.requireIndices("indices", index);
        indexed.add(new Indexed(dim, shape(index), read(index)));
        dim++;
      }
    }
    return of(self, indexed);
  }

  private static void requireDimension(TensorSlot self, int dim) {
    if (dim >= self.rank()) {
      throw OperatorFailure.of("indices: expected at most %d, found more", self.rank());
    }
  }

  private static Shape shape(TensorSlot tensor) {
    return Shape.of(Layouts.sizes(tensor));
  }

  /** Reads indices in row-major order. */
  private static long[] read(TensorSlot index) {
    long[] values = new long[Math.toIntExact(index.numel())];
    Elements elements = Elements.of(index);
    int[] next = {0};
    View.of(index)
        .walk(
            (offsets, steps, count) -> {
              for (long i = 0; i < count; i++) {
                values[next[0]++] = elements.getLong(offsets[0] + i * steps[0]);
              }
            });
    return values;
  }

  /** A mask stands for the positions where it is set, one list of indices a dimension. */
  private static void addMask(TensorSlot self, int dim, TensorSlot mask, List<Indexed> indexed) {
    for (int d = 0; d < mask.rank(); d++) {
      requireDimension(self, dim + d);
      if (mask.size(d) != self.size(dim + d)) {
        throw OperatorFailure.of("indices: expected a mask of sizes of %s, found %s", self, mask);
      }
    }
    long[] bits = read(mask);
    int count = 0;
    for (long bit : bits) {
      count += bit != 0 ? 1 : 0;
    }
    long[][] positions = new long[mask.rank()][count];
    int next = 0;
    for (int i = 0; i < bits.length; i++) {
      long rest = i;
      for (int d = mask.rank() - 1; bits[i] != 0 && d >= 0; d--) {
        positions[d][next] = rest % mask.size(d);
        rest /= mask.size(d);
      }
      next += bits[i] != 0 ? 1 : 0;
    }
    for (int d = 0; d < mask.rank(); d++) {
      indexed.add(new Indexed(dim + d, Shape.of(count), positions[d]));
    }
  }

  private static AdvancedIndex of(TensorSlot self, List<Indexed> indexed) {
    Shape block = Shape.SCALAR;
    boolean[] taken = new boolean[self.rank()];
    for (Indexed index : indexed) {
      Shape met = block;
      block =
          Broadcasting.broadcast(block, index.shape)
              .orElseThrow(
                  () ->
                      OperatorFailure.of(
                          "indices: expected a shape that broadcasts with %s, found %s",
                          met, index.shape));
      taken[index.dim] = true;
    }
    int first = indexed.isEmpty() ? 0 : indexed.getFirst().dim;
    boolean adjacent = indexed.isEmpty() || indexed.getLast().dim - first == indexed.size() - 1;
    int rest = 0;
    for (boolean dim : taken) {
      rest += dim ? 0 : 1;
    }
    long[] restSizes = new long[rest];
    long[] restStrides = new long[rest];
    int at = 0;
    for (int dim = 0; dim < self.rank(); dim++) {
      if (!taken[dim]) {
        restSizes[at] = self.size(dim);
        restStrides[at++] = self.stride(dim);
      }
    }
    long[] offsets = new long[Math.toIntExact(block.elements())];
    for (Indexed index : indexed) {
      addOffsets(self, index, block, offsets);
    }
    return new AdvancedIndex(block, adjacent ? first : 0, offsets, restSizes, restStrides);
  }

  private static void addOffsets(TensorSlot self, Indexed index, Shape block, long[] offsets) {
    long[] strides = new long[block.rank()];
    long[] own = Layouts.rowMajor(index.shape.toArray());
    int added = block.rank() - index.shape.rank();
    for (int d = 0; d < own.length; d++) {
      strides[added + d] = index.shape.size(d) == 1 ? 0 : own[d];
    }
    int[] next = {0};
    new Walk(block.toArray(), strides)
        .run(
            (starts, steps, count) -> {
              for (long i = 0; i < count; i++) {
                long value = index.indices[(int) (starts[0] + i * steps[0])];
                long place = Operands.index("dimension " + index.dim, value, self.size(index.dim));
                offsets[next[0]++] += place * self.stride(index.dim);
              }
            });
  }

  /** Returns the sizes of the selection. */
  int[] sizes() {
    Shape shape = Shape.of(restSizes);
    for (int d = 0; d < block.rank(); d++) {
      shape = shape.insert(blockAt + d, block.size(d));
    }
    int[] sizes = new int[shape.rank()];
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = Math.toIntExact(shape.size(d));
    }
    return sizes;
  }

  /** Pairs an offset into the indexed tensor with one into a tensor of the selection's shape. */
  @FunctionalInterface
  interface Pairing {
    void pair(long indexed, long selected);
  }

  /**
   * Visits the whole selection.
   *
   * @param strides the strides of the tensor that is seen in the selection's shape
   */
  void forEach(long[] strides, Pairing pairing) {
    long[] blockStrides = new long[block.rank()];
    System.arraycopy(strides, blockAt, blockStrides, 0, blockStrides.length);
    long[] selectedRest = new long[restSizes.length];
    System.arraycopy(strides, 0, selectedRest, 0, blockAt);
    System.arraycopy(
        strides,
        blockAt + blockStrides.length,
        selectedRest,
        blockAt,
        selectedRest.length - blockAt);
    Walk rest = new Walk(restSizes, restStrides, selectedRest);
    int[] next = {0};
    new Walk(block.toArray(), blockStrides)
        .run(
            (starts, steps, count) -> {
              for (long i = 0; i < count; i++) {
                long[] offsets = {blockOffsets[next[0]++], starts[0] + i * steps[0]};
                rest.runFrom(
                    offsets,
                    (at, restSteps, restCount) -> {
                      for (long k = 0; k < restCount; k++) {
                        pairing.pair(at[0] + k * restSteps[0], at[1] + k * restSteps[1]);
                      }
                    });
              }
            });
  }
}
