package dev.sconce.export.generation.internal.rule;

import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreRule;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.graph.Value;

/** Bans tokens that would complete an n-gram of the encoder's input. */
public record EncoderNoRepeatNgram() implements ScoreRule {

  private static final EmbeddedSetting SIZE = EmbeddedSetting.ENCODER_NO_REPEAT_NGRAM_SIZE;

  @Override
  public String name() {
    return "encoder_no_repeat_ngram_size";
  }

  @Override
  public Value active(RuleContext context) {
    return Ngrams.active(context, context.settings().count(SIZE), context.encodedLength());
  }

  @Override
  public Value apply(RuleContext context, Value scores) {
    Value text = context.encoderIds() == null ? context.history() : context.encoded();
    return Ngrams.ban(
        context,
        scores,
        text,
        context.encodedLength(),
        context.settings().count(SIZE),
        "encoder_ngrams");
  }
}
