package dev.sconce.text.internal.normalizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.TextRewriter;
import dev.sconce.text.internal.unicode.CodePointSet;
import dev.sconce.text.internal.unicode.NormalizationForm;
import dev.sconce.text.internal.unicode.UnicodeTables;

/**
 * BERT's clean-up.
 *
 * @param cleanText whether control characters go and all white space becomes a space
 * @param handleChineseChars whether ideographs are set apart by spaces
 * @param stripAccents whether the text is decomposed and loses its marks
 * @param lowercase whether the text is lower-cased
 */
public record BertNormalizer(
    boolean cleanText, boolean handleChineseChars, boolean stripAccents, boolean lowercase)
    implements Normalizer {

  @Override
  public AlignedText normalize(AlignedText text) {
    UnicodeTables tables = UnicodeTables.get();
    AlignedText result = text;
    if (cleanText) {
      CodePointSet removed = tables.set("bert.removed");
      CodePointSet space = tables.set("bert.space");
      result =
          CharacterFilter.apply(
              result, c -> !removed.contains(c), c -> space.contains(c) ? ' ' : c);
    }
    if (handleChineseChars) {
      result = spaceIdeographs(result);
    }
    if (stripAccents) {
      CodePointSet mark = tables.set("bert.mark");
      result = new UnicodeNormalizer(NormalizationForm.NFD).normalize(result);
      result = CharacterFilter.apply(result, c -> !mark.contains(c), c -> c);
    }
    return lowercase ? new Lowercase().normalize(result) : result;
  }

  private static AlignedText spaceIdeographs(AlignedText text) {
    String s = text.text();
    if (s.codePoints().noneMatch(BertNormalizer::isIdeograph)) {
      return text;
    }
    TextRewriter rewriter = new TextRewriter(text);
    s.codePoints()
        .forEach(
            c -> {
              if (isIdeograph(c)) {
                rewriter.put(' ', 0);
                rewriter.put(c, 1);
                rewriter.put(' ', 1);
              } else {
                rewriter.put(c, 0);
              }
            });
    return rewriter.finish();
  }

  // The reference library's blocks, its misprint 2B920 included.
  private static boolean isIdeograph(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B920 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }
}
