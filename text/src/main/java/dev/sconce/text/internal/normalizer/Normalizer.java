package dev.sconce.text.internal.normalizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.sentencepiece.SentencePieceNormalizer;
import java.util.List;

/** Rewrites a text before it is split. Immutable. */
public sealed interface Normalizer
    permits Normalizer.Chain,
        BertNormalizer,
        ByteLevelNormalizer,
        Lowercase,
        Nmt,
        Precompiled,
        Prepend,
        Replace,
        SentencePieceNormalizer,
        Strip,
        StripAccents,
        UnicodeNormalizer {

  /** Returns the rewritten text. */
  AlignedText normalize(AlignedText text);

  /**
   * Several normalizers, one after the other.
   *
   * @param parts the normalizers in order
   */
  record Chain(List<Normalizer> parts) implements Normalizer {
    /** Copies the list. */
    public Chain {
      parts = List.copyOf(parts);
    }

    @Override
    public AlignedText normalize(AlignedText text) {
      AlignedText result = text;
      for (Normalizer part : parts) {
        result = part.normalize(result);
      }
      return result;
    }
  }
}
