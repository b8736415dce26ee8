package dev.sconce.export.generation.rule;

import dev.sconce.base.DType;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/** Operations on scores by token. */
final class Tokens {

  private Tokens() {}

  /** Returns the scores of some tokens of every row: {@code float32[rows, n]}. */
  static Value gather(RuleContext context, Value scores, Value tokens) {
    DType dtype = scores.tensorType().dtype();
    return context
        .author()
        .builder()
        .callTyped(
            "aten::gather.out",
            List.of(Operand.of(scores), Operand.of(1), Operand.of(tokens), Operand.of(false)),
            new Type.TensorType(dtype, tokens.tensorType().shape()));
  }
}
