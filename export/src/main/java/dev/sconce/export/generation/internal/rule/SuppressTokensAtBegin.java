package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * Bans tokens at the first generated position; a forced first token of a decoder that started with
 * one token moves that position back by one.
 *
 * @param tokens the banned tokens
 * @param forcedFirst whether there is a forced first token
 */
public record SuppressTokensAtBegin(List<Integer> tokens, boolean forcedFirst)
    implements ScoreRule {

  /** Copies the list. */
  public SuppressTokensAtBegin {
    tokens = List.copyOf(tokens);
  }

  @Override
  public String name() {
    return "begin_suppress_tokens";
  }

  @Override
  public Value active(RuleContext context) {
    Author a = context.author();
    Value begin =
        forcedFirst
            // A prompt of one token begins at 2, unless the call does without the forced one.
            ? a.number("sym_max", Operand.of(context.prompt()), Operand.of(afterForced(context)))
            : context.prompt();
    return a.number("eq", Operand.of(context.length()), Operand.of(begin));
  }

  private static Value afterForced(RuleContext context) {
    Value forced = context.settings().count(EmbeddedSetting.FORCED_BOS_TOKEN_ID);
    return context.author().number("add", Operand.of(forced), Operand.of(1));
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    return Listed.ban(context, scores, tokens.stream().mapToInt(Integer::intValue).toArray());
  }
}
