package dev.sconce.text.internal.jinja.python;

/**
 * A value that a template can hold.
 *
 * <p>{@code equals} and {@code hashCode} follow Python: numbers of different types are equal when
 * their values are, so that values can be keys of a {@link PyDict}.
 */
public sealed interface PyValue
    permits PyNone,
        PyBool,
        PyInt,
        PyFloat,
        PyStr,
        PyList,
        PyTuple,
        PyDict,
        PyDictView,
        PyRange,
        PyIterator,
        PyUndefined,
        PyObject {

  /** Returns the name of the Python type. */
  String typeName();
}
