package dev.sconce.text.internal.normalizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.TextRewriter;
import dev.sconce.text.internal.unicode.UnicodeTables;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lower-cases character by character, without regard to context (no final sigma). */
public record Lowercase() implements Normalizer {

  @Override
  public AlignedText normalize(AlignedText text) {
    String s = text.text();
    Map<Integer, int[]> map = UnicodeTables.get().map("rust.lowercase");
    TextRewriter rewriter = new TextRewriter(text);
    boolean changed = false;
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      i += Character.charCount(c);
      if (c < 0x80) {
        boolean upper = c >= 'A' && c <= 'Z';
        changed |= upper;
        rewriter.put(upper ? c + 32 : c, 0);
        continue;
      }
      int @Nullable [] lower = map.get(c);
      if (lower == null) {
        rewriter.put(c, 0);
        continue;
      }
      changed = true;
      for (int k = 0; k < lower.length; k++) {
        rewriter.put(lower[k], k == 0 ? 0 : 1);
      }
    }
    return changed ? rewriter.finish() : text;
  }
}
