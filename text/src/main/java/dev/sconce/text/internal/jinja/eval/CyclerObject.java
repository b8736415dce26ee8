package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.CallArguments;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyFunction;
import dev.sconce.text.internal.jinja.python.PyInt;
import dev.sconce.text.internal.jinja.python.PyNone;
import dev.sconce.text.internal.jinja.python.PyObject;
import dev.sconce.text.internal.jinja.python.PyTuple;
import dev.sconce.text.internal.jinja.python.PyValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code cycler(...)} makes: gives its items in turn. */
final class CyclerObject implements PyObject {

  private final List<PyValue> items;
  private int position;

  private CyclerObject(List<PyValue> items) {
    this.items = items;
  }

  static CyclerObject of(CallArguments arguments) {
    if (!arguments.keywords().isEmpty()) {
      throw PyError.type("cycler() takes no keyword arguments");
    }
    if (arguments.positional().isEmpty()) {
      throw new PyError(PyError.Kind.RUNTIME, "at least one item has to be provided");
    }
    return new CyclerObject(arguments.positional());
  }

  @Override
  public String typeName() {
    return "Cycler";
  }

  @Override
  public String qualifiedTypeName() {
    return "jinja2.utils.Cycler";
  }

  @Override
  public @Nullable PyValue attribute(String name) {
    return switch (name) {
      case "current" -> items.get(position);
      case "items" -> new PyTuple(items);
      case "pos" -> PyInt.of(position);
      case "next" -> new PyFunction(name, PyFunction.Kind.METHOD, _ -> next());
      case "reset" ->
          new PyFunction(
              name,
              PyFunction.Kind.METHOD,
              _ -> {
                position = 0;
                return PyNone.NONE;
              });
      default -> null;
    };
  }

  private PyValue next() {
    PyValue current = items.get(position);
    position = (position + 1) % items.size();
    return current;
  }
}
