package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * Bans tokens always.
 *
 * @param tokens the banned tokens
 */
public record SuppressTokens(List<Integer> tokens) implements ScoreRule {

  /** Copies the list. */
  public SuppressTokens {
    tokens = List.copyOf(tokens);
  }

  @Override
  public String name() {
    return "suppress_tokens";
  }

  @Override
  public Value active(RuleContext context) {
    return Conditions.always(context);
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    return Listed.ban(context, scores, tokens.stream().mapToInt(Integer::intValue).toArray());
  }
}
