package dev.sconce.text.internal.jinja.python;

import java.util.function.Function;

/**
 * A built-in function, class or bound method.
 *
 * @param name the name it is called by
 * @param kind the type that {@code typeName} shows
 * @param body what a call does
 */
public record PyFunction(String name, Kind kind, Function<CallArguments, PyValue> body)
    implements PyObject {

  /** What sort of callable it is. */
  public enum Kind {
    /** A function. */
    FUNCTION,
    /** A method bound to its object. */
    METHOD,
    /** A class, which makes objects. */
    CLASS
  }

  @Override
  public String typeName() {
    return switch (kind) {
      case FUNCTION -> "function";
      case METHOD -> "builtin_function_or_method";
      case CLASS -> "type";
    };
  }

  @Override
  public String repr() {
    return switch (kind) {
      case FUNCTION -> "<function " + name + ">";
      case METHOD -> "<built-in method " + name + ">";
      case CLASS -> "<class '" + name + "'>";
    };
  }

  @Override
  public boolean isCallable() {
    return true;
  }

  @Override
  public PyValue call(CallArguments arguments) {
    return body.apply(arguments);
  }
}
