package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnOperation.Concatenate;
import dev.sconce.format.xnnpack.XnnOperation.StaticSlice;
import dev.sconce.format.xnnpack.XnnOperation.StaticTranspose;
import dev.sconce.kernels.ComputePool;
import dev.sconce.kernels.StridedCopy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** StaticTranspose, StaticSlice and Concatenate: elements go elsewhere. */
final class RearrangingNode {

  private RearrangingNode() {}

  static void plan(GraphBuilder builder, StaticTranspose n) {
    Rearrangement values = Rearrangement.of(builder, n.input(), n.output());
    Transpose transpose = new Transpose(n.permutation().toIntArray());
    int x = values.x();
    int y = values.y();
    if (builder.isView(n.output()) && values.aliases() && builder.alias(y, x)) {
      Ints reads = Ints.of(x);
      builder.add(
          "TransposedView",
          reads,
          Ints.of(y),
          operands -> new View(transpose, operands[x], operands[y]));
      return;
    }
    add(builder, "StaticTranspose", values, transpose);
  }

  static void plan(GraphBuilder builder, StaticSlice n) {
    Rearrangement values = Rearrangement.of(builder, n.input(), n.output());
    add(
        builder,
        "StaticSlice",
        values,
        new Slice(n.offsets().toIntArray(), n.sizes().toIntArray()));
  }

  static void plan(GraphBuilder builder, Concatenate n) {
    boolean alike =
        n.parts().ints().allMatch(part -> Rearrangement.alike(builder, part, n.output()));
    Ints parts = Ints.of(n.parts().ints().map(alike ? builder::stored : builder::floats).toArray());
    int y = alike ? builder.stored(n.output()) : builder.floatResult(n.output());
    ComputePool pool = builder.kernels().pool();
    builder.add(
        "Concatenate" + n.parts().size(),
        parts,
        Ints.of(y),
        operands ->
            new Join(
                pool,
                n.axis(),
                parts.ints().mapToObj(i -> operands[i]).toArray(Operand[]::new),
                operands[y]));
  }

  private static void add(GraphBuilder builder, String name, Rearrangement values, Move move) {
    ComputePool pool = builder.kernels().pool();
    int x = values.x();
    int y = values.y();
    builder.add(
        name, Ints.of(x), Ints.of(y), operands -> new Step(pool, move, operands[x], operands[y]));
  }

  /** Where elements of a result come from. */
  private interface Move {

    /** Returns the shape of the result. */
    int[] shape(Operand x);

    /** Returns how many elements to step in the operand for each dimension of the result. */
    long[] strides(Operand x);

    /** Returns the element that comes first. */
    long start(Operand x);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Transpose(int[] permutation) implements Move {

    @Override
    public int[] shape(Operand x) {
      x.require(x.rank() == permutation.length, permutation.length + " dimensions");
      int[] shape = new int[permutation.length];
      Arrays.setAll(shape, i -> x.size(permutation[i]));
      return shape;
    }

    @Override
    public long[] strides(Operand x) {
      long[] own = StridedCopy.contiguousStrides(x.shape());
      long[] strides = new long[permutation.length];
      Arrays.setAll(strides, i -> own[permutation[i]]);
      return strides;
    }

    @Override
    public long start(Operand x) {
      return 0;
    }
  }

  /** A size of 0 means the rest of the dimension. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Slice(int[] offsets, int[] sizes) implements Move {

    @Override
    public int[] shape(Operand x) {
      x.require(x.rank() == offsets.length, offsets.length + " dimensions");
      int[] shape = new int[sizes.length];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = sizes[i] == 0 ? x.size(i) - offsets[i] : sizes[i];
        x.require(
            shape[i] >= 0 && (long) offsets[i] + shape[i] <= x.size(i),
            "%d elements after %d in dimension %d".formatted(sizes[i], offsets[i], i));
      }
      return shape;
    }

    @Override
    public long[] strides(Operand x) {
      return StridedCopy.contiguousStrides(x.shape());
    }

    @Override
    public long start(Operand x) {
      long[] strides = strides(x);
      long start = 0;
      for (int i = 0; i < offsets.length; i++) {
        start += offsets[i] * strides[i];
      }
      return start;
    }
  }

  /** A transpose that moves nothing: its result is read where the operand lies. */
  private record View(Transpose transpose, Operand x, Operand y) implements NodeStep {

    @Override
    public void reshape() {
      y.reshapeAsView(transpose.shape(x), transpose.strides(x));
    }

    @Override
    public void run() {
      // What reads the result follows its strides.
    }
  }

  private static final class Step implements NodeStep {

    private final ComputePool pool;
    private final Move move;
    private final Operand x;
    private final Operand y;
    private @Nullable StridedCopy copy;
    private long start;

    Step(ComputePool pool, Move move, Operand x, Operand y) {
      this.pool = pool;
      this.move = move;
      this.x = x;
      this.y = y;
    }

    @Override
    public void reshape() {
      y.reshape(move.shape(x));
      int elementSize = y.value().storage().bytes();
      copy =
          StridedCopy.of(
              elementSize, y.shape(), move.strides(x), StridedCopy.contiguousStrides(y.shape()));
      start = move.start(x) * elementSize;
    }

    @Override
    public void run() {
      if (copy != null) {
        copy.run(pool, x.data(), start, y.data(), 0);
      }
    }
  }

  private static final class Join implements NodeStep {

    private final ComputePool pool;
    private final int axis;
    private final Operand[] parts;
    private final Operand y;
    private final @Nullable StridedCopy[] copies;
    private final long[] starts;

    Join(ComputePool pool, int axis, Operand[] parts, Operand y) {
      this.pool = pool;
      this.axis = axis;
      this.parts = parts;
      this.y = y;
      this.copies = new StridedCopy[parts.length];
      this.starts = new long[parts.length];
    }

    @Override
    public void reshape() {
      // Counted from the end if negative, as XNNPACK allows.
      int rank = parts[0].rank();
      int dim = axis < 0 ? axis + rank : axis;
      parts[0].require(dim >= 0 && dim < rank, "a dimension " + axis);
      int[] shape = parts[0].shape().clone();
      long length = 0;
      for (Operand part : parts) {
        int[] expected = shape.clone();
        part.require(part.rank() == rank, rank + " dimensions");
        expected[dim] = part.size(dim);
        part.require(
            Arrays.equals(expected, part.shape()),
            "the sizes of %s beside dimension %d".formatted(parts[0], dim));
        length += part.size(dim);
      }
      y.require(length <= Integer.MAX_VALUE, "a dimension below 2³¹");
      shape[dim] = (int) length;
      y.reshape(shape);
      int elementSize = y.value().storage().bytes();
      long[] strides = StridedCopy.contiguousStrides(shape);
      long start = 0;
      for (int i = 0; i < parts.length; i++) {
        int[] own = parts[i].shape();
        copies[i] = StridedCopy.of(elementSize, own, StridedCopy.contiguousStrides(own), strides);
        starts[i] = start * strides[dim] * elementSize;
        start += own[dim];
      }
    }

    @Override
    public void run() {
      for (int i = 0; i < parts.length; i++) {
        StridedCopy copy = copies[i];
        if (copy != null) {
          copy.run(pool, parts[i].data(), 0, y.data(), starts[i]);
        }
      }
    }
  }
}
