package dev.sconce.text.internal.jinja.python;

/** Which values can be keys of a dictionary. */
final class Hashing {

  private Hashing() {}

  /** Returns the value if it can be a key. */
  static PyValue hashable(PyValue key) {
    switch (key) {
      case PyList _, PyDict _, PySet _ ->
          throw PyError.type("unhashable type: '" + key.typeName() + "'");
      case PyDictView view when view.part() != PyDictView.Part.VALUES ->
          throw PyError.type("unhashable type: '" + key.typeName() + "'");
      case PyTuple tuple -> tuple.items().forEach(Hashing::hashable);
      default -> {}
    }
    return key;
  }
}
