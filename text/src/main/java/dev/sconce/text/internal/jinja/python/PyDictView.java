package dev.sconce.text.internal.jinja.python;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code keys()}, {@code values()} and {@code items()} return.
 *
 * @param dict the dictionary behind the view
 * @param part which part of it is seen
 */
public record PyDictView(PyDict dict, Part part) implements PyValue {

  /** The parts of a dictionary. */
  public enum Part {
    /** The keys. */
    KEYS,
    /** The values. */
    VALUES,
    /** Pairs of key and value. */
    ITEMS
  }

  /** Returns the elements in order. */
  public List<PyValue> elements() {
    List<PyValue> elements = new ArrayList<>();
    dict.entries()
        .forEach(
            (key, value) ->
                elements.add(
                    switch (part) {
                      case KEYS -> key;
                      case VALUES -> value;
                      case ITEMS -> PyTuple.of(key, value);
                    }));
    return elements;
  }

  @Override
  public String typeName() {
    return "dict_" + part.name().toLowerCase(Locale.ROOT);
  }
}
