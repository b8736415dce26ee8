package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.Integers;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.Arrays;
import java.util.List;

/** Lists of tokens that are baked into a program. */
final class Listed {

  private Listed() {}

  /** Returns the tokens of a list that the vocabulary has, {@code int64[1, n]}. */
  static Value tokens(RuleContext context, int... tokens) {
    long[] inside = inside(context, tokens);
    return Integers.constant(context.blocks(), inside, 1, inside.length);
  }

  /** Returns the scores with the listed tokens banned. */
  static Value ban(RuleContext context, Value scores, int... tokens) {
    long[] inside = inside(context, tokens);
    if (inside.length == 0) {
      return scores;
    }
    Value places =
        context
            .author()
            .expand(tokens(context, tokens), List.of(context.rows(), Dim.of(inside.length)));
    return context
        .author()
        .builder()
        .callTyped(
            "aten::scatter.value_out",
            List.of(
                Operand.of(scores),
                Operand.of(1),
                Operand.of(places),
                Operand.of(Double.NEGATIVE_INFINITY)),
            scores.type());
  }

  /** Returns which of {@code size} columns are among the first, {@code bool[1, size]}. */
  static Value firstOf(RuleContext context, int size, int first) {
    long[] columns = new long[size];
    Arrays.setAll(columns, i -> i);
    Value constant = Integers.constant(context.blocks(), columns, 1, size);
    return context.author().compare("lt", constant, first);
  }

  private static long[] inside(RuleContext context, int... tokens) {
    return Arrays.stream(tokens)
        .filter(token -> token >= 0 && token < context.vocabulary())
        .asLongStream()
        .toArray();
  }
}
