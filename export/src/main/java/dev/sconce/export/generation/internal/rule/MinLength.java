package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/**
 * Bans the end tokens until a row is long enough.
 *
 * @param ofNew whether the length is one of new tokens, {@code min_new_tokens}, or one with the
 *     prompt, {@code min_length}
 */
public record MinLength(boolean ofNew) implements ScoreRule {

  private static final long FAR = 1L << 31;

  @Override
  public String name() {
    return ofNew ? "min_new_tokens" : "min_length";
  }

  @Override
  public Value active(RuleContext context) {
    Author a = context.author();
    Value length = context.length();
    Value ofNewTokens = context.settings().count(EmbeddedSetting.MIN_NEW_TOKENS);
    if (ofNew) {
      Value made = a.number("sub", Operand.of(length), Operand.of(context.prompt()));
      return a.number("lt", Operand.of(made), Operand.of(ofNewTokens));
    }
    // A number of new tokens goes before the length: it takes away more than any length.
    Value away = a.number("mul", Operand.of(ofNewTokens), Operand.of(FAR));
    Value least = context.settings().count(EmbeddedSetting.MIN_LENGTH);
    Value left = a.number("sub", Operand.of(least), Operand.of(away));
    return a.number("lt", Operand.of(length), Operand.of(left));
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    return context.math().ban(scores, context.end().mask());
  }
}
