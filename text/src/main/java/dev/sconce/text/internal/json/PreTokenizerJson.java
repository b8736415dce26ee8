package dev.sconce.text.internal.json;

import dev.sconce.text.internal.pretokenizer.BertPreTokenizer;
import dev.sconce.text.internal.pretokenizer.ByteLevel;
import dev.sconce.text.internal.pretokenizer.FixedLength;
import dev.sconce.text.internal.pretokenizer.Metaspace;
import dev.sconce.text.internal.pretokenizer.PreTokenizer;
import dev.sconce.text.internal.pretokenizer.Split;
import dev.sconce.text.internal.pretokenizer.SplitBehavior;
import dev.sconce.text.internal.pretokenizer.UnicodeScripts;
import dev.sconce.text.internal.pretokenizer.WhitespaceWords;
import dev.sconce.text.internal.regex.CharacterFinder;
import dev.sconce.text.internal.regex.LiteralFinder;
import dev.sconce.text.internal.unicode.CodePointSet;
import dev.sconce.text.internal.unicode.UnicodeTables;
import java.util.List;

/** Reads pre-tokenizers. */
final class PreTokenizerJson {

  private static final List<String> BEHAVIORS =
      List.of("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");

  private PreTokenizerJson() {}

  static PreTokenizer read(Fields f) {
    String type = f.string("type");
    return switch (type) {
      case "BertPreTokenizer" -> {
        f.only("type");
        yield new BertPreTokenizer();
      }
      case "ByteLevel" -> {
        f.only("type", "add_prefix_space", "trim_offsets", "use_regex");
        f.bool("trim_offsets");
        yield new ByteLevel(f.bool("add_prefix_space"), f.bool("use_regex", true), true);
      }
      case "CharDelimiterSplit", "Delimiter" ->
          new Split(
              new LiteralFinder(f.only("type", "delimiter").character("delimiter")),
              SplitBehavior.REMOVED,
              false);
      case "Digits" ->
          new Split(
              characters("rust.numeric"),
              f.only("type", "individual_digits").bool("individual_digits")
                  ? SplitBehavior.ISOLATED
                  : SplitBehavior.CONTIGUOUS,
              false);
      case "FixedLength" ->
          new FixedLength(f.only("type", "length").integer("length", 1, Integer.MAX_VALUE, 5));
      case "Metaspace" -> metaspace(f);
      case "Punctuation" -> {
        f.only("type", "behavior");
        yield new Split(
            characters("bert.punctuation"),
            f.has("behavior") ? behavior(f) : SplitBehavior.ISOLATED,
            false);
      }
      case "Sequence" ->
          new PreTokenizer.Chain(
              f.only("type", "pretokenizers").objects("pretokenizers").stream()
                  .map(PreTokenizerJson::read)
                  .toList());
      case "Split" -> {
        f.only("type", "pattern", "behavior", "invert");
        yield new Split(PatternJson.read(f.object("pattern")), behavior(f), f.bool("invert"));
      }
      case "UnicodeScripts" -> {
        f.only("type");
        yield new UnicodeScripts();
      }
      case "Whitespace" -> {
        f.only("type");
        yield new Split(new WhitespaceWords(), SplitBehavior.REMOVED, true);
      }
      case "WhitespaceSplit" -> {
        f.only("type");
        yield new Split(characters("rust.whitespace"), SplitBehavior.REMOVED, false);
      }
      default -> throw f.error("type", "a known pre-tokenizer", "'" + type + "'");
    };
  }

  private static CharacterFinder characters(String name) {
    CodePointSet set = UnicodeTables.get().set(name);
    return new CharacterFinder(set);
  }

  private static SplitBehavior behavior(Fields f) {
    return f.oneOf("behavior", SplitBehavior.class, BEHAVIORS);
  }

  private static PreTokenizer metaspace(Fields f) {
    f.only("type", "replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep");
    return new Metaspace(f.character("replacement"), scheme(f), f.bool("split", true));
  }

  /** Reads the scheme that pre-tokenizer and decoder share, or its older spelling. */
  static Metaspace.Scheme scheme(Fields f) {
    Metaspace.Scheme scheme =
        f.has("prepend_scheme")
            ? f.oneOf("prepend_scheme", Metaspace.Scheme.class, List.of("first", "never", "always"))
            : Metaspace.Scheme.ALWAYS;
    if (!f.bool("add_prefix_space", true) && scheme != Metaspace.Scheme.NEVER) {
      if (f.has("prepend_scheme")) {
        throw f.error("add_prefix_space", "agreement with prepend_scheme", "false");
      }
      return Metaspace.Scheme.NEVER;
    }
    return scheme;
  }
}
