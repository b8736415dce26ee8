package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/**
 * Forces the first token of a decoder that started with one token.
 *
 * @param token the forced token
 */
public record ForcedBos(int token) implements ScoreRule {

  @Override
  public String name() {
    return "forced_bos_token_id";
  }

  @Override
  public Value active(RuleContext context) {
    return context.author().number("eq", Operand.of(context.length()), Operand.of(1));
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    return Forced.force(context, scores, token);
  }
}
