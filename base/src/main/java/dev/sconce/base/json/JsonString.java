package dev.sconce.base.json;

/**
 * A JSON string.
 *
 * @param value the text, with escapes resolved; it may hold lone surrogates if the file does
 */
public record JsonString(String value) implements JsonValue {
  @Override
  public String toString() {
    return JsonWriter.compact(this);
  }
}
