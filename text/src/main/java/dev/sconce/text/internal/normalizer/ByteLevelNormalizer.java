package dev.sconce.text.internal.normalizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.ByteAlphabet;

/** Replaces every byte of the text's UTF-8 form by the character that stands for it. */
public record ByteLevelNormalizer() implements Normalizer {

  @Override
  public AlignedText normalize(AlignedText text) {
    return ByteAlphabet.spell(text);
  }
}
