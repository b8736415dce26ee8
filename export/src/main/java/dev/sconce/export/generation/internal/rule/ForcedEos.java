package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * Forces end tokens at the last position.
 *
 * @param tokens the tokens of which one must come
 */
public record ForcedEos(List<Integer> tokens) implements ScoreRule {

  /** Copies the list. */
  public ForcedEos {
    tokens = List.copyOf(tokens);
  }

  @Override
  public String name() {
    return "forced_eos_token_id";
  }

  @Override
  public Value active(RuleContext context) {
    Author a = context.author();
    Value after = a.number("add", Operand.of(context.length()), Operand.of(1));
    return a.number("eq", Operand.of(after), Operand.of(context.maxLength()));
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    return Forced.force(context, scores, tokens.stream().mapToInt(Integer::intValue).toArray());
  }
}
