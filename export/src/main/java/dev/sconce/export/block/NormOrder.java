package dev.sconce.export.block;

import dev.sconce.graph.Value;
import java.util.function.UnaryOperator;

/** Where the norm of a part of a layer stands. */
public enum NormOrder {
  /** x + f(norm(x)). */
  NORM_FIRST {
    @Override
    Value residual(Blocks blocks, Norm norm, Value x, UnaryOperator<Value> part) {
      return blocks.author().add(x, part.apply(norm.apply(blocks, x)));
    }
  },
  /** norm(x + f(x)). */
  NORM_LAST {
    @Override
    Value residual(Blocks blocks, Norm norm, Value x, UnaryOperator<Value> part) {
      return norm.apply(blocks, blocks.author().add(x, part.apply(x)));
    }
  };

  /** Writes a part of a layer with its norm, added to what came in. */
  abstract Value residual(Blocks blocks, Norm norm, Value x, UnaryOperator<Value> part);
}
