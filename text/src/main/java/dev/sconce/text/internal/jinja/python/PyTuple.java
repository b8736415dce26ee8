package dev.sconce.text.internal.jinja.python;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tuple.
 *
 * @param items the elements
 * @param names the names of the elements in a named tuple; empty otherwise
 */
public record PyTuple(List<PyValue> items, List<String> names) implements PyValue {

  /** Creates a tuple over the given elements, which must not change any more. */
  public PyTuple {
    items = Collections.unmodifiableList(items);
  }

  /** Creates a plain tuple. */
  public PyTuple(List<PyValue> items) {
    this(items, List.of());
  }

  /** Returns a tuple of the given elements. */
  public static PyTuple of(PyValue... items) {
    return new PyTuple(List.of(items));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PyTuple that && items.equals(that.items);
  }

  @Override
  public int hashCode() {
    return items.hashCode();
  }

  @Override
  public String typeName() {
    return names.isEmpty() ? "tuple" : "_GroupTuple";
  }
}
