package dev.sconce.base.json;

/**
 * What a JSON reader accepts.
 *
 * @param maxDepth how deep objects and arrays may nest
 * @param maxStringBytes the longest string, in bytes as spelled in the file
 * @param maxNumberLength the longest number, in characters
 * @param maxValues how many values a tree may hold; {@link JsonReader} used without {@code
 *     nextValue} keeps no values and is not limited
 * @param rejectDuplicateKeys whether an object with two members of one name is an error; otherwise
 *     the last one counts, as in Python
 * @param acceptNonFinite whether {@code NaN}, {@code Infinity} and {@code -Infinity} are numbers:
 *     JSON has none of them, but Python writes them, and model configurations contain them
 */
public record JsonLimits(
    int maxDepth,
    int maxStringBytes,
    int maxNumberLength,
    int maxValues,
    boolean rejectDuplicateKeys,
    boolean acceptNonFinite) {

  /** The deepest nesting that limits may allow: reading it recursively fits any thread's stack. */
  public static final int DEEPEST = 1_000;

  private static final JsonLimits DEFAULTS =
      new JsonLimits(512, 1 << 28, 1_000, 20_000_000, false, false);

  /** Checks that the limits can be kept. */
  public JsonLimits {
    if (maxDepth < 0 || maxDepth > DEEPEST) {
      throw new IllegalArgumentException(
          "a depth between 0 and %d is possible, not %d".formatted(DEEPEST, maxDepth));
    }
  }

  /**
   * Returns limits that every reasonable file keeps: depth 512, strings of 256 MiB, numbers of
   * 1,000 characters, trees of 20 million values.
   */
  public static JsonLimits defaults() {
    return DEFAULTS;
  }

  /** Returns these limits with another depth. */
  public JsonLimits withMaxDepth(int depth) {
    return new JsonLimits(
        depth, maxStringBytes, maxNumberLength, maxValues, rejectDuplicateKeys, acceptNonFinite);
  }

  /** Returns these limits with duplicate keys made an error. */
  public JsonLimits rejectingDuplicateKeys() {
    return new JsonLimits(
        maxDepth, maxStringBytes, maxNumberLength, maxValues, true, acceptNonFinite);
  }

  /** Returns these limits with another number of values in a tree. */
  public JsonLimits withMaxValues(int values) {
    return new JsonLimits(
        maxDepth, maxStringBytes, maxNumberLength, values, rejectDuplicateKeys, acceptNonFinite);
  }

  /** Returns these limits with NaN and the infinities accepted, as Python spells them. */
  public JsonLimits acceptingNonFinite() {
    return new JsonLimits(
        maxDepth, maxStringBytes, maxNumberLength, maxValues, rejectDuplicateKeys, true);
  }
}
