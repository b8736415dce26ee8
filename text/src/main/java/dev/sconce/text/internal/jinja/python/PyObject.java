package dev.sconce.text.internal.jinja.python;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** An object with attributes: functions, methods, macros, loops, namespaces and the like. */
public non-sealed interface PyObject extends PyValue {

  /** Returns the qualified name of the type that messages about missing attributes show. */
  default String qualifiedTypeName() {
    return typeName();
  }

  /** Returns what {@code repr} prints. */
  default String repr() {
    return "<" + qualifiedTypeName() + " object>";
  }

  /** Returns an attribute, or null if there is none of this name. */
  default @Nullable PyValue attribute(String name) {
    return null;
  }

  /** Returns whether the object can be called. */
  default boolean isCallable() {
    return false;
  }

  /** Calls the object. */
  default PyValue call(CallArguments arguments) {
    throw PyError.type("'" + typeName() + "' object is not callable");
  }

  /** Returns an iterator over the elements, or null if the object cannot be iterated. */
  default @Nullable Iterator<PyValue> iterator() {
    return null;
  }

  /** Returns the number of elements, or -1 if the object has no length. */
  default int length() {
    return -1;
  }
}
