package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnOperation.StaticConstantPad;
import dev.sconce.kernels.ComputePool;
import dev.sconce.kernels.StridedCopy;
import org.jspecify.annotations.Nullable;

/** StaticConstantPad: the input with a margin of one value. */
final class PaddingNode {

  private PaddingNode() {}

  static void plan(GraphBuilder builder, StaticConstantPad n) {
    int x = builder.floats(n.input());
    int y = builder.floatResult(n.output());
    ComputePool pool = builder.kernels().pool();
    int[] before = n.before().toIntArray();
    int[] after = n.after().toIntArray();
    builder.add(
        "StaticConstantPad",
        Ints.of(x),
        Ints.of(y),
        operands -> new Step(pool, before, after, n.value(), operands[x], operands[y]));
  }

  private static final class Step implements NodeStep {

    private final ComputePool pool;
    private final int[] before;
    private final int[] after;
    private final float value;
    private final Operand x;
    private final Operand y;
    private @Nullable StridedCopy copy;
    private long start;

    Step(ComputePool pool, int[] before, int[] after, float value, Operand x, Operand y) {
      this.pool = pool;
      this.before = before;
      this.after = after;
      this.value = value;
      this.x = x;
      this.y = y;
    }

    @Override
    public void reshape() {
      x.require(x.rank() == before.length, before.length + " dimensions");
      int[] shape = x.shape().clone();
      for (int i = 0; i < shape.length; i++) {
        long size = (long) before[i] + shape[i] + after[i];
        x.require(size <= Integer.MAX_VALUE, "less than 2³¹ elements with its margins");
        shape[i] = (int) size;
      }
      y.reshape(shape);
      long[] strides = StridedCopy.contiguousStrides(shape);
      start = 0;
      for (int i = 0; i < shape.length; i++) {
        start += before[i] * strides[i];
      }
      start *= Float.BYTES;
      copy =
          StridedCopy.of(Float.BYTES, x.shape(), StridedCopy.contiguousStrides(x.shape()), strides);
    }

    @Override
    public void run() {
      for (int i = 0; i < y.count(); i++) {
        y.data().setAtIndex(Constants.FLOAT, i, value);
      }
      if (copy != null) {
        copy.run(pool, x.data(), 0, y.data(), start);
      }
    }
  }
}
