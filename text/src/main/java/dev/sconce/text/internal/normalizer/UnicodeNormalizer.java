package dev.sconce.text.internal.normalizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.TextRewriter;
import dev.sconce.text.internal.unicode.NormalizationForm;

/**
 * Brings a text into a Unicode normalisation form.
 *
 * @param form the form
 */
public record UnicodeNormalizer(NormalizationForm form) implements Normalizer {

  @Override
  public AlignedText normalize(AlignedText text) {
    if (NormalizationForm.isTriviallyNormal(text.text())) {
      return text;
    }
    TextRewriter rewriter = new TextRewriter(text);
    form.normalize(text.text(), rewriter::put);
    return rewriter.finish();
  }
}
