package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.CallArguments;
import dev.sconce.text.internal.jinja.python.PyBool;
import dev.sconce.text.internal.jinja.python.PyObject;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyValue;
import org.jspecify.annotations.Nullable;

/** What {@code joiner(sep)} makes: empty when first called, the separator afterwards. */
final class JoinerObject implements PyObject {

  private final PyValue separator;
  private boolean used;

  JoinerObject(PyValue separator) {
    this.separator = separator;
  }

  @Override
  public String typeName() {
    return "Joiner";
  }

  @Override
  public String qualifiedTypeName() {
    return "jinja2.utils.Joiner";
  }

  @Override
  public @Nullable PyValue attribute(String name) {
    return switch (name) {
      case "sep" -> separator;
      case "used" -> PyBool.of(used);
      default -> null;
    };
  }

  @Override
  public boolean isCallable() {
    return true;
  }

  @Override
  public PyValue call(CallArguments arguments) {
    PyValue result = used ? separator : PyStr.EMPTY;
    used = true;
    return result;
  }
}
