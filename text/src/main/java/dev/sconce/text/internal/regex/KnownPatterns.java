package dev.sconce.text.internal.regex;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The patterns of published tokenizers that have a scanner of their own. */
public final class KnownPatterns {

  /** GPT-2's pattern, which the ByteLevel pre-tokenizer uses. */
  public static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String TAIL =
      " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** The pattern of cl100k and Llama 3. */
  public static final String CL100K =
      CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|" + TAIL;

  /** The pattern of Qwen 2. */
  public static final String QWEN2 = CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|" + TAIL;

  private static final String CASED_TAIL =
      " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";

  /** The pattern of o200k. */
  public static final String O200K = cased(CONTRACTIONS + "?", "\\p{N}{1,3}");

  /** The pattern of Tekken. */
  public static final String TEKKEN = cased("", "\\p{N}");

  /** The third pattern of DeepSeek. */
  public static final String DEEPSEEK =
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
          + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final MatchFinder GPT2_SCANNER = new Gpt2Scanner();

  private static final Map<String, MatchFinder> SCANNERS =
      Map.of(
          GPT2, GPT2_SCANNER,
          CL100K, new Cl100kScanner(3),
          QWEN2, new Cl100kScanner(1),
          O200K, new O200kScanner(true, 3),
          TEKKEN, new O200kScanner(false, 1),
          DEEPSEEK, new DeepSeekScanner());

  private KnownPatterns() {}

  private static String cased(String contractions, String digits) {
    String lead = "[^\\r\\n\\p{L}\\p{N}]?";
    return lead
        + UPPER
        + "*"
        + LOWER
        + "+"
        + contractions
        + "|"
        + lead
        + UPPER
        + "+"
        + LOWER
        + "*"
        + contractions
        + "|"
        + digits
        + "|"
        + CASED_TAIL;
  }

  /** Returns the scanner of GPT-2's pattern. */
  public static MatchFinder gpt2() {
    return GPT2_SCANNER;
  }

  /** Returns the scanner of a pattern, or null if it is not a known one. */
  static @Nullable MatchFinder scanner(String pattern) {
    // DeepSeek's file writes the quotation mark with a backslash, which means the same.
    return SCANNERS.get(pattern.replace("[!\\\"#", "[!\"#"));
  }
}
