package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A normalisation over the last dimension. */
public sealed interface Norm {

  /** Writes the normalisation. */
  Value apply(Blocks blocks, Value x);

  /**
   * Root mean square: x / sqrt(mean(x²) + ε) · w; in float32, whatever the type of x.
   *
   * @param weight the factors, or null for none; models that store w - 1 add it before
   * @param epsilon ε
   */
  record Rms(@Nullable Weight weight, double epsilon) implements Norm {
    @Override
    public Value apply(Blocks blocks, Value x) {
      Author a = blocks.author();
      Value wide = a.to(x, DType.FLOAT32);
      Value inverse = a.unary("rsqrt", a.add(a.meanOfLast(a.mul(wide, wide)), epsilon));
      Value normal = a.to(a.mul(wide, inverse), x.tensorType().dtype());
      return weight == null ? normal : a.mul(normal, blocks.constant(weight));
    }
  }

  /**
   * Layer norm: (x - mean) / sqrt(variance + ε) · w + b.
   *
   * @param weight w, or null for ones
   * @param bias b, or null for zeros
   * @param width the size of the last dimension
   * @param epsilon ε
   */
  record Layer(@Nullable Weight weight, @Nullable Weight bias, int width, double epsilon)
      implements Norm {
    @Override
    public Value apply(Blocks blocks, Value x) {
      return blocks
          .builder()
          .callAll(
              "aten::native_layer_norm.out",
              List.of(
                  Operand.of(x),
                  Operand.ints(width),
                  Operand.ofNullable(weight == null ? null : blocks.constant(weight)),
                  Operand.ofNullable(bias == null ? null : blocks.constant(bias)),
                  Operand.of(epsilon)))
          .getFirst();
    }
  }
}
