package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.CallArguments;
import dev.sconce.text.internal.jinja.python.PyBool;
import dev.sconce.text.internal.jinja.python.PyDict;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyNone;
import dev.sconce.text.internal.jinja.python.PyObject;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyTuple;
import dev.sconce.text.internal.jinja.python.PyUndefined;
import dev.sconce.text.internal.jinja.python.PyValue;
import dev.sconce.text.internal.jinja.syntax.Stmt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A macro, or the body of a call block, with the scope it was defined in. */
final class MacroObject implements PyObject {

  private final Stmt.MacroDefinition definition;
  private final Frame scope;
  private final Interpreter interpreter;

  MacroObject(Stmt.MacroDefinition definition, Frame scope, Interpreter interpreter) {
    this.definition = definition;
    this.scope = scope;
    this.interpreter = interpreter;
  }

  Stmt.MacroDefinition definition() {
    return definition;
  }

  @Override
  public String typeName() {
    return "Macro";
  }

  @Override
  public String qualifiedTypeName() {
    return "jinja2.runtime.Macro";
  }

  @Override
  public String repr() {
    return definition.name().isEmpty()
        ? "<Macro anonymous>"
        : "<Macro " + PyRepr.quote(definition.name()) + ">";
  }

  @Override
  public @Nullable PyValue attribute(String name) {
    return switch (name) {
      case "name" -> definition.name().isEmpty() ? PyNone.NONE : PyStr.of(definition.name());
      case "arguments" ->
          new PyTuple(
              definition.parameters().stream()
                  .map(parameter -> (PyValue) PyStr.of(parameter.name()))
                  .toList());
      case "catch_kwargs" -> PyBool.of(definition.usesKwargs());
      case "catch_varargs" -> PyBool.of(definition.usesVarargs());
      case "caller" -> PyBool.of(definition.usesCaller());
      default -> null;
    };
  }

  @Override
  public boolean isCallable() {
    return true;
  }

  @Override
  public PyValue call(CallArguments arguments) {
    return interpreter.callMacro(this, arguments);
  }

  /** Returns a scope for the body with the parameters bound. */
  Frame bind(CallArguments arguments) {
    List<Stmt.Parameter> parameters = definition.parameters();
    List<PyValue> positional = arguments.positional();
    Map<String, PyValue> keywords = new LinkedHashMap<>(arguments.keywords());
    Frame frame = new Frame(scope);
    @Nullable PyValue[] bound = new @Nullable PyValue[parameters.size()];
    for (int i = 0; i < bound.length; i++) {
      String name = parameters.get(i).name();
      PyValue value = i < positional.size() ? positional.get(i) : keywords.remove(name);
      bound[i] = value;
      // A default sees the parameters before it; later ones are undefined, not those outside.
      frame.set(name, value == null ? PyUndefined.variable(name) : value);
    }
    bindSpecial(positional, keywords, frame);
    for (int i = 0; i < bound.length; i++) {
      if (bound[i] == null) {
        Stmt.Parameter parameter = parameters.get(i);
        frame.set(
            parameter.name(),
            parameter.fallback() == null
                ? PyUndefined.hint(
                    "parameter " + PyRepr.quote(parameter.name()) + " was not provided")
                : interpreter.evaluator().evaluate(parameter.fallback(), frame));
      }
    }
    return frame;
  }

  private void bindSpecial(List<PyValue> positional, Map<String, PyValue> keywords, Frame frame) {
    if (definition.usesCaller() && !definition.declaresCaller()) {
      PyValue caller = keywords.remove("caller");
      frame.set(
          "caller",
          caller == null || caller == PyNone.NONE ? PyUndefined.hint("No caller defined") : caller);
    }
    if (definition.usesKwargs()) {
      PyDict rest = new PyDict();
      keywords.forEach((name, value) -> rest.put(PyStr.of(name), value));
      frame.set("kwargs", rest);
    } else if (!keywords.isEmpty()) {
      String name = PyRepr.quote(definition.name());
      throw PyError.type(
          keywords.containsKey("caller")
              ? "macro "
                  + name
                  + " was invoked with two values for the special caller argument. This is most"
                  + " likely a bug."
              : "macro "
                  + name
                  + " takes no keyword argument "
                  + PyRepr.quote(keywords.keySet().iterator().next()));
    }
    int declared = definition.parameters().size();
    if (definition.usesVarargs()) {
      frame.set(
          "varargs",
          new PyTuple(
              positional.subList(Math.min(declared, positional.size()), positional.size())));
    } else if (positional.size() > declared) {
      throw PyError.type(
          "macro %s takes not more than %d argument(s)"
              .formatted(PyRepr.quote(definition.name()), declared));
    }
  }
}
