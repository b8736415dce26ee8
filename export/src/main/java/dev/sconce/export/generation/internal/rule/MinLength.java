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

  @Override
  public String name() {
    return ofNew ? "min_new_tokens" : "min_length";
  }

  @Override
  public Value active(RuleContext context) {
    Author a = context.author();
    Value length = context.length();
    if (ofNew) {
      length = a.number("sub", Operand.of(length), Operand.of(context.prompt()));
    }
    EmbeddedSetting least = ofNew ? EmbeddedSetting.MIN_NEW_TOKENS : EmbeddedSetting.MIN_LENGTH;
    return a.number("lt", Operand.of(length), Operand.of(context.settings().count(least)));
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    return context.math().ban(scores, context.end().mask());
  }
}
