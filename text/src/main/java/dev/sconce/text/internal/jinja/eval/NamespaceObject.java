package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.PyDict;
import dev.sconce.text.internal.jinja.python.PyObject;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyValue;
import org.jspecify.annotations.Nullable;

/** What {@code namespace()} makes: the one object whose attributes a template can set. */
final class NamespaceObject implements PyObject {

  private final PyDict attributes;

  NamespaceObject(PyDict attributes) {
    this.attributes = attributes;
  }

  void set(String name, PyValue value) {
    attributes.put(PyStr.of(name), value);
  }

  @Override
  public String typeName() {
    return "Namespace";
  }

  @Override
  public String qualifiedTypeName() {
    return "jinja2.utils.Namespace";
  }

  @Override
  public String repr() {
    return "<Namespace " + PyRepr.of(attributes) + ">";
  }

  @Override
  public @Nullable PyValue attribute(String name) {
    return attributes.get(name);
  }
}
