package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnOperation.StaticReshape;
import dev.sconce.format.xnnpack.XnnOperation.Unary;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** StaticReshape and Copy: the same elements, in another shape or not. */
final class ReshapeNode {

  private ReshapeNode() {}

  static void plan(GraphBuilder builder, StaticReshape n) {
    plan(builder, "StaticReshape", n.input(), n.output(), n.shape());
  }

  static void plan(GraphBuilder builder, Unary copy) {
    plan(builder, "Copy", copy.input(), copy.output(), null);
  }

  private static void plan(
      GraphBuilder builder, String name, int input, int output, @Nullable Ints shape) {
    Rearrangement operands = Rearrangement.of(builder, input, output);
    int x = operands.x();
    int y = operands.y();
    boolean inPlace = operands.aliases() && builder.alias(y, x);
    builder.add(
        name,
        Ints.of(x),
        Ints.of(y),
        table -> new Step(table[x], table[y], shape == null ? null : shape.toIntArray(), inPlace));
  }

  /** Returns the shape with its one 0, if there is one, replaced by what is left over. */
  private static int[] resolve(int[] wanted, Operand x) {
    int[] shape = wanted.clone();
    int inferred = -1;
    long product = 1;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == 0) {
        inferred = i;
      } else {
        product = Math.multiplyExact(product, (long) shape[i]);
      }
    }
    if (inferred >= 0) {
      x.require(x.count() % product == 0, "a multiple of " + product + " elements");
      shape[inferred] = (int) (x.count() / product);
      product *= shape[inferred];
    }
    x.require(x.count() == product, product + " elements, for shape " + Arrays.toString(shape));
    return shape;
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Step(Operand x, Operand y, int @Nullable [] shape, boolean inPlace)
      implements NodeStep {

    @Override
    public void reshape() {
      y.reshape(shape == null ? x.shape() : resolve(shape, x));
    }

    @Override
    public void run() {
      if (!inPlace) {
        y.data().asSlice(0, x.byteSize()).copyFrom(x.data().asSlice(0, x.byteSize()));
      }
    }
  }
}
