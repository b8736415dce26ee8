package dev.sconce.text.internal.normalizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.unicode.CodePointSet;
import dev.sconce.text.internal.unicode.UnicodeTables;

/** Removes all combining marks. */
public record StripAccents() implements Normalizer {

  @Override
  public AlignedText normalize(AlignedText text) {
    CodePointSet mark = UnicodeTables.get().set("norm.mark");
    return CharacterFilter.apply(text, c -> !mark.contains(c), c -> c);
  }
}
