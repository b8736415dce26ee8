package dev.sconce.base.json;

import java.util.Iterator;
import java.util.List;

/**
 * A JSON array.
 *
 * @param values the elements in order
 */
public record JsonArray(List<JsonValue> values) implements JsonValue, Iterable<JsonValue> {

  /** Creates an array of the given elements, copied. */
  public JsonArray {
    values = List.copyOf(values);
  }

  /** Returns the number of elements. */
  public int size() {
    return values.size();
  }

  /** Returns the element at an index. */
  public JsonValue get(int index) {
    return values.get(index);
  }

  @Override
  public Iterator<JsonValue> iterator() {
    return values.iterator();
  }

  @Override
  public String toString() {
    return JsonWriter.compact(this);
  }
}
