package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.Budget;
import dev.sconce.text.internal.jinja.python.CallArguments;
import dev.sconce.text.internal.jinja.python.Py;
import dev.sconce.text.internal.jinja.python.PyDict;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyFunction;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyValue;
import dev.sconce.text.internal.jinja.python.Signature;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The global functions: Jinja's and those that transformers adds. */
final class Globals {

  private static final int MAX_RANGE = 100_000;

  private static final Signature MESSAGE = Signature.of("raise_exception", "message");
  private static final Signature FORMAT = Signature.of("strftime_now", "format");
  private static final Signature SEPARATOR = Signature.of("joiner", "sep=', '");

  private Globals() {}

  static Map<String, PyValue> all(Clock clock, Budget budget) {
    Map<String, PyValue> globals = new HashMap<>();
    function(
        globals,
        "range",
        call -> {
          if (!call.keywords().isEmpty()) {
            throw PyError.type("range() takes no keyword arguments");
          }
          return Py.range(call.positional(), MAX_RANGE);
        });
    type(globals, "dict", call -> dict(call, budget));
    type(globals, "namespace", call -> new NamespaceObject(dict(call, budget)));
    type(globals, "cycler", CyclerObject::of);
    type(globals, "joiner", call -> new JoinerObject(SEPARATOR.bind(call)[0]));
    function(
        globals,
        "raise_exception",
        call -> {
          throw new PyError(PyError.Kind.TEMPLATE, PyRepr.str(MESSAGE.bind(call)[0]));
        });
    function(globals, "strftime_now", call -> now(clock, FORMAT.bind(call)[0]));
    function(
        globals,
        "lipsum",
        _ -> {
          throw new PyError(
              PyError.Kind.UNSUPPORTED,
              "the function 'lipsum' is not available: its result differs from run to run");
        });
    return globals;
  }

  private static void function(
      Map<String, PyValue> globals, String name, Function<CallArguments, PyValue> body) {
    globals.put(name, new PyFunction(name, PyFunction.Kind.FUNCTION, body));
  }

  private static void type(
      Map<String, PyValue> globals, String name, Function<CallArguments, PyValue> body) {
    globals.put(name, new PyFunction(name, PyFunction.Kind.CLASS, body));
  }

  private static PyValue now(Clock clock, PyValue format) {
    if (!(format instanceof PyStr pattern)) {
      throw PyError.type("strftime() argument 1 must be str, not " + format.typeName());
    }
    return PyStr.of(Strftime.format(LocalDateTime.now(clock), pattern.value()));
  }

  /** Returns {@code dict(*args, **kwargs)}. */
  private static PyDict dict(CallArguments arguments, Budget budget) {
    PyDict made = new PyDict();
    if (arguments.positional().size() > 1) {
      throw PyError.type("dict expected at most 1 argument, got " + arguments.positional().size());
    }
    for (PyValue source : arguments.positional()) {
      if (source instanceof PyDict dict) {
        dict.entries().forEach(made::put);
      } else {
        for (PyValue item : Py.list(source, budget)) {
          List<PyValue> pair = Py.list(item, budget);
          if (pair.size() != 2) {
            throw PyError.value(
                "dictionary update sequence element has length " + pair.size() + "; 2 is required");
          }
          made.put(pair.get(0), pair.get(1));
        }
      }
    }
    arguments.keywords().forEach((name, value) -> made.put(PyStr.of(name), value));
    return made;
  }
}
