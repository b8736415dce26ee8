package dev.sconce.text.internal.jinja.python;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dictionary in insertion order; templates cannot change it, the sandbox sees to that. */
public final class PyDict implements PyValue {

  private final LinkedHashMap<PyValue, PyValue> entries = new LinkedHashMap<>();

  /**
   * Adds or replaces an entry, as {@code dict[key] = value}; only while the dictionary is built.
   */
  public void put(PyValue key, PyValue value) {
    entries.put(Hashing.hashable(key), value);
  }

  /** Returns the value of a key, or null if the key is absent. */
  public @Nullable PyValue get(PyValue key) {
    return entries.get(Hashing.hashable(key));
  }

  /** Returns the value of a string key, or null if the key is absent. */
  public @Nullable PyValue get(String key) {
    return entries.get(PyStr.of(key));
  }

  /** Returns the entries in order. */
  public Map<PyValue, PyValue> entries() {
    return entries;
  }

  @Override
  public String typeName() {
    return "dict";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PyDict that && entries.equals(that.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }
}
