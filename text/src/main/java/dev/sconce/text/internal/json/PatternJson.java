package dev.sconce.text.internal.json;

import dev.sconce.text.internal.regex.LiteralFinder;
import dev.sconce.text.internal.regex.MatchFinder;
import dev.sconce.text.internal.regex.Regex;
import dev.sconce.text.internal.regex.RegexFlavor;
import dev.sconce.text.internal.regex.RegexSyntaxException;

/** Reads patterns: {@code {"String": …}} or {@code {"Regex": …}}. */
final class PatternJson {

  private PatternJson() {}

  static MatchFinder read(Fields f) {
    f.only("String", "Regex");
    if (f.has("String") == f.has("Regex")) {
      throw f.error("Regex", "either a String or a Regex", "both or none");
    }
    if (f.has("String")) {
      return new LiteralFinder(f.string("String"));
    }
    try {
      return Regex.finder(f.string("Regex"), RegexFlavor.ONIGURUMA);
    } catch (RegexSyntaxException e) {
      throw f.error(
          "Regex", "a pattern that can be matched exactly", String.valueOf(e.getMessage()));
    }
  }
}
