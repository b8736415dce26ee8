package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.PyBool;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyInt;
import dev.sconce.text.internal.jinja.python.PyUndefined;
import dev.sconce.text.internal.jinja.python.PyValue;

/** Arguments of filters that count something. */
final class Counts {

  private static final int MAX_BITS = 31;

  private Counts() {}

  /** Returns an integer argument as an int. */
  static int of(PyValue value) {
    return switch (value) {
      case PyInt number when number.value().bitLength() < MAX_BITS -> number.value().intValue();
      case PyInt _ -> throw new PyError(PyError.Kind.OVERFLOW, "integer argument out of range");
      case PyBool bool -> bool.value() ? 1 : 0;
      case PyUndefined undefined -> throw undefined.error();
      default ->
          throw PyError.type(
              "'" + value.typeName() + "' object cannot be interpreted as an integer");
    };
  }
}
