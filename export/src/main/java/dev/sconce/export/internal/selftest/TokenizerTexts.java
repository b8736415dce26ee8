package dev.sconce.export.internal.selftest;

import dev.sconce.text.AddedToken;
import dev.sconce.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts that take different ways through tokenizers: what splits words, what is normalised, what is
 * not in a vocabulary, and the tokenizer's own special tokens.
 */
final class TokenizerTexts {

  private static final int MOST_ADDED = 4;

  private TokenizerTexts() {}

  /** Returns the texts by a word that says what is in them. */
  static Map<String, String> of(Tokenizer tokenizer) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("plain", "The quick brown fox jumps over the lazy dog.");
    texts.put("spaces", "  two  spaces,   three, and one at the end ");
    texts.put("lines", "first line\nsecond\r\n\n\tindented\n");
    texts.put("contractions", "I'm sure they'll say it isn't what we've DON'T'd.");
    texts.put("digits", "In 1984 it cost 1,234,567.89 or 0x1F; 3.14e-10 + 42%");
    texts.put(
        "code", "for (int i = 0; i < n; i++) { a[i] += b_c->d; } // see https://x.org/?q=1&r=2");
    texts.put("latin", "Überraschung! Straße, café, naïve, œuvre, ŁÓDŹ, İstanbul, ﬁne");
    texts.put("combining", "cafe\u0301 A\u030Angstro\u0308m \u1E9B\u0323 e\u0301\u0327");
    texts.put("cyrillic and greek", "Съешь ещё этих мягких булок. Ξεσκεπάζω την ψυχοφθόρα.");
    texts.put("cjk", "日本語のテキスト、中文文本。한국어 ｆｕｌｌｗｉｄｔｈ");
    texts.put("right to left", "שלום עולם مرحبا بالعالم ١٢٣");
    texts.put("indic and thai", "नमस्ते दुनिया สวัสดีชาวโลก");
    texts.put("emoji", "👍🏽 👩‍👩‍👧‍👦 🇨🇭 ☕️ 1️⃣");
    texts.put("rare", "\u0000\u0007 \u00A0\u2003\u200B\uFEFF \uFFFD 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ﷺ \u2028 ½ ①");
    texts.put(
        "long word",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamte".repeat(2));
    texts.put("empty", "");
    List<AddedToken> added = new ArrayList<>(tokenizer.addedTokens());
    for (int i = 0; i < Math.min(MOST_ADDED, added.size()); i++) {
      String content = added.get(i).content();
      texts.put("added token " + content, "a" + content + " b " + content + content + " ");
    }
    return texts;
  }
}
