package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Value;

/** Bans tokens that would complete an n-gram that occurred already. */
public record NoRepeatNgram() implements ScoreRule {

  private static final EmbeddedSetting SIZE = EmbeddedSetting.NO_REPEAT_NGRAM_SIZE;

  @Override
  public String name() {
    return "no_repeat_ngram_size";
  }

  @Override
  public Value active(RuleContext context) {
    return Ngrams.active(context, context.settings().count(SIZE), context.length());
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    return Ngrams.ban(
        context,
        scores,
        context.history(),
        context.length(),
        context.settings().count(SIZE),
        "ngrams");
  }
}
