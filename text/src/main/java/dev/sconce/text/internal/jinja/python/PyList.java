package dev.sconce.text.internal.jinja.python;

import java.util.Collections;
import java.util.List;

/**
 * A list; templates cannot change it, the sandbox sees to that.
 *
 * @param items the elements
 */
public record PyList(List<PyValue> items) implements PyValue {

  /** Creates a list over the given elements, which must not change any more. */
  public PyList {
    items = Collections.unmodifiableList(items);
  }

  @Override
  public String typeName() {
    return "list";
  }
}
