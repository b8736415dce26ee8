package dev.sconce.text.internal.pretokenizer;

import dev.sconce.text.internal.pipeline.Pieces;
import dev.sconce.text.internal.regex.CharacterFinder;
import dev.sconce.text.internal.unicode.UnicodeTables;

/** Splits at white space, which goes, and at punctuation, which stays as single pieces. */
public record BertPreTokenizer() implements PreTokenizer {

  @Override
  public Pieces split(Pieces pieces) {
    UnicodeTables tables = UnicodeTables.get();
    PreTokenizer space =
        new Split(new CharacterFinder(tables.set("rust.whitespace")), SplitBehavior.REMOVED, false);
    PreTokenizer punctuation =
        new Split(
            new CharacterFinder(tables.set("bert.punctuation")), SplitBehavior.ISOLATED, false);
    return punctuation.split(space.split(pieces));
  }
}
