package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.Attributes;
import dev.sconce.text.internal.jinja.python.PyInt;
import dev.sconce.text.internal.jinja.python.PyNone;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyUndefined;
import dev.sconce.text.internal.jinja.python.PyValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The argument {@code attribute} of many filters: names and indices with dots between them.
 *
 * @param parts what is looked up, one after the other; empty for the item itself
 * @param fallback what stands for an undefined part; None for nothing
 */
record AttributePath(List<PyValue> parts, PyValue fallback) {

  /** Parses one path. */
  static AttributePath of(PyValue attribute) {
    List<PyValue> parts = new ArrayList<>();
    if (attribute instanceof PyStr text) {
      for (String part : text.value().split("\\.", -1)) {
        boolean number = !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
        parts.add(number ? new PyInt(new BigInteger(part)) : PyStr.of(part));
      }
    } else if (attribute != PyNone.NONE) {
      parts.add(attribute);
    }
    return new AttributePath(parts, PyNone.NONE);
  }

  /** Parses several paths with commas between them. */
  static List<AttributePath> list(PyValue attribute) {
    if (!(attribute instanceof PyStr text)) {
      return List.of(of(attribute));
    }
    List<AttributePath> paths = new ArrayList<>();
    for (String path : text.value().split(",", -1)) {
      paths.add(of(PyStr.of(path)));
    }
    return paths;
  }

  /** Returns this path with a value for what is undefined. */
  AttributePath orElse(PyValue value) {
    return new AttributePath(parts, value);
  }

  /** Looks the path up in an item. */
  PyValue get(Evaluator in, PyValue item) {
    PyValue value = item;
    for (PyValue part : parts) {
      in.budget().step();
      value = Attributes.getItem(value, part, in.budget());
      if (value instanceof PyUndefined && fallback != PyNone.NONE) {
        value = fallback;
      }
    }
    return value;
  }
}
