package dev.sconce.text.internal.jinja.python;

import org.jspecify.annotations.Nullable;

/**
 * Jinja's undefined value: empty when printed or iterated, false, and an error in any other use.
 *
 * @param message what the error says
 * @param kind the class of the error
 */
public record PyUndefined(String message, PyError.Kind kind) implements PyValue {

  /** Returns the value of a variable that does not exist. */
  public static PyUndefined variable(String name) {
    return hint(PyRepr.quote(name) + " is undefined");
  }

  /** Returns an undefined value with a message of its own. */
  public static PyUndefined hint(String message) {
    return new PyUndefined(message, PyError.Kind.UNDEFINED);
  }

  /** Returns the value of an attribute or element that an object does not have. */
  public static PyUndefined member(PyValue object, PyValue name) {
    String type =
        switch (object) {
          case PyNone _ -> "None";
          case PyObject other -> other.qualifiedTypeName() + " object";
          case PyStr string when string.isMarkup() -> "markupsafe.Markup object";
          default -> object.typeName() + " object";
        };
    return name instanceof PyStr
        ? hint(PyRepr.quote(type) + " has no attribute " + PyRepr.of(name))
        : hint(type + " has no element " + PyRepr.of(name));
  }

  /** Returns the value of an attribute that the sandbox forbids. */
  public static PyUndefined unsafe(PyValue object, String name) {
    return new PyUndefined(
        "access to attribute %s of '%s' object is unsafe."
            .formatted(PyRepr.quote(name), object.typeName()),
        PyError.Kind.SECURITY);
  }

  /** Returns the error of using the value. */
  public PyError error() {
    return new PyError(kind, message);
  }

  @Override
  public String typeName() {
    return "Undefined";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PyUndefined;
  }

  @Override
  public int hashCode() {
    return PyUndefined.class.getName().hashCode();
  }
}
