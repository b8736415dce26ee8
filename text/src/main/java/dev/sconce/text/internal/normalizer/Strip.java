package dev.sconce.text.internal.normalizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.unicode.CodePointSet;
import dev.sconce.text.internal.unicode.UnicodeTables;

/**
 * Removes white space at the ends.
 *
 * @param left whether to remove it at the beginning
 * @param right whether to remove it at the end
 */
public record Strip(boolean left, boolean right) implements Normalizer {

  @Override
  public AlignedText normalize(AlignedText text) {
    // White space is in the basic plane: no code point has two units here.
    CodePointSet space = UnicodeTables.get().set("rust.whitespace");
    String s = text.text();
    int from = 0;
    int to = s.length();
    while (left && from < to && space.contains(s.charAt(from))) {
      from++;
    }
    while (right && to > from && space.contains(s.charAt(to - 1))) {
      to--;
    }
    return text.trim(from, to);
  }
}
