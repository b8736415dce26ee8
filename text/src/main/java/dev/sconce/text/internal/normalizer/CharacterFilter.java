package dev.sconce.text.internal.normalizer;

import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.TextRewriter;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Removes and maps single characters. */
final class CharacterFilter {

  private CharacterFilter() {}

  /** Returns the text without the characters that are not to be kept, the others mapped. */
  static AlignedText apply(AlignedText text, IntPredicate keep, IntUnaryOperator map) {
    String s = text.text();
    TextRewriter rewriter = new TextRewriter(text);
    boolean changed = false;
    // A character takes the removed ones behind it along; those at the front go by themselves.
    int removedInFront = 0;
    int pending = -1;
    int removed = 0;
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      i += Character.charCount(c);
      if (!keep.test(c)) {
        removed++;
        changed = true;
        continue;
      }
      if (pending >= 0) {
        rewriter.put(pending, -removed);
      } else {
        removedInFront = removed;
        rewriter.drop(removedInFront);
      }
      pending = map.applyAsInt(c);
      changed |= pending != c;
      removed = 0;
    }
    if (pending >= 0) {
      rewriter.put(pending, -removed);
    }
    return changed ? rewriter.finish() : text;
  }
}
