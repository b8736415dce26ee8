package dev.sconce.text.internal.json;

import dev.sconce.text.internal.normalizer.BertNormalizer;
import dev.sconce.text.internal.normalizer.ByteLevelNormalizer;
import dev.sconce.text.internal.normalizer.Lowercase;
import dev.sconce.text.internal.normalizer.Nmt;
import dev.sconce.text.internal.normalizer.Normalizer;
import dev.sconce.text.internal.normalizer.Precompiled;
import dev.sconce.text.internal.normalizer.Prepend;
import dev.sconce.text.internal.normalizer.Replace;
import dev.sconce.text.internal.normalizer.Strip;
import dev.sconce.text.internal.normalizer.StripAccents;
import dev.sconce.text.internal.normalizer.UnicodeNormalizer;
import dev.sconce.text.internal.sentencepiece.CharsMap;
import dev.sconce.text.internal.unicode.NormalizationForm;
import java.util.Base64;

/** Reads normalizers. */
final class NormalizerJson {

  private NormalizerJson() {}

  static Normalizer read(Fields f) {
    String type = f.string("type");
    return switch (type) {
      case "BertNormalizer" -> {
        f.only("type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
        boolean lowercase = f.bool("lowercase");
        yield new BertNormalizer(
            f.bool("clean_text"),
            f.bool("handle_chinese_chars"),
            f.bool("strip_accents", lowercase),
            lowercase);
      }
      case "ByteLevel" -> plain(f, new ByteLevelNormalizer());
      case "Lowercase" -> plain(f, new Lowercase());
      case "NFC" -> plain(f, new UnicodeNormalizer(NormalizationForm.NFC));
      case "NFD" -> plain(f, new UnicodeNormalizer(NormalizationForm.NFD));
      case "NFKC" -> plain(f, new UnicodeNormalizer(NormalizationForm.NFKC));
      case "NFKD" -> plain(f, new UnicodeNormalizer(NormalizationForm.NFKD));
      case "Nmt" -> plain(f, new Nmt());
      case "Precompiled" -> precompiled(f.only("type", "precompiled_charsmap"));
      case "Prepend" -> new Prepend(f.only("type", "prepend").string("prepend"));
      case "Replace" -> replace(f);
      case "Sequence" ->
          new Normalizer.Chain(
              f.only("type", "normalizers").objects("normalizers").stream()
                  .map(NormalizerJson::read)
                  .toList());
      case "Strip" -> {
        f.only("type", "strip_left", "strip_right");
        yield new Strip(f.bool("strip_left"), f.bool("strip_right"));
      }
      case "StripAccents" -> plain(f, new StripAccents());
      default -> throw f.error("type", "a known normalizer", "'" + type + "'");
    };
  }

  private static Normalizer plain(Fields f, Normalizer normalizer) {
    f.only("type");
    return normalizer;
  }

  /** Reads the pattern and the replacement that normalizer and decoder share. */
  static Replace replace(Fields f) {
    f.only("type", "pattern", "content");
    return new Replace(PatternJson.read(f.object("pattern")), f.string("content"));
  }

  private static Normalizer precompiled(Fields f) {
    byte[] blob;
    try {
      blob = Base64.getDecoder().decode(f.string("precompiled_charsmap"));
    } catch (IllegalArgumentException e) {
      throw f.error("precompiled_charsmap", "base64", String.valueOf(e.getMessage()));
    }
    return new Precompiled(CharsMap.read(f.file(), f.path("precompiled_charsmap"), blob));
  }
}
