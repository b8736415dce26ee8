package dev.sconce.base.json;

/**
 * What a JSON reader accepts.
 *
 * @param maxDepth how deep objects and arrays may nest
 * @param maxStringBytes the longest string, in bytes as spelled in the file
 * @param maxNumberLength the longest number, in characters
 * @param rejectDuplicateKeys whether an object with two members of one name is an error; otherwise
 *     the last one counts, as in Python
 */
public record JsonLimits(
    int maxDepth, int maxStringBytes, int maxNumberLength, boolean rejectDuplicateKeys) {

  private static final JsonLimits DEFAULTS = new JsonLimits(512, 1 << 28, 1_000, false);

  /** Returns limits that every reasonable file keeps: depth 512, strings 256 MiB, numbers 1,000. */
  public static JsonLimits defaults() {
    return DEFAULTS;
  }

  /** Returns these limits with another depth. */
  public JsonLimits withMaxDepth(int depth) {
    return new JsonLimits(depth, maxStringBytes, maxNumberLength, rejectDuplicateKeys);
  }

  /** Returns these limits with duplicate keys made an error. */
  public JsonLimits rejectingDuplicateKeys() {
    return new JsonLimits(maxDepth, maxStringBytes, maxNumberLength, true);
  }
}
