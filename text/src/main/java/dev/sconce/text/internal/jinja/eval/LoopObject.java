package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.CallArguments;
import dev.sconce.text.internal.jinja.python.Comparison;
import dev.sconce.text.internal.jinja.python.PyBool;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyFunction;
import dev.sconce.text.internal.jinja.python.PyInt;
import dev.sconce.text.internal.jinja.python.PyNone;
import dev.sconce.text.internal.jinja.python.PyObject;
import dev.sconce.text.internal.jinja.python.PyTuple;
import dev.sconce.text.internal.jinja.python.PyUndefined;
import dev.sconce.text.internal.jinja.python.PyValue;
import dev.sconce.text.internal.jinja.python.Signature;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}, and the iteration behind it. */
final class LoopObject implements PyObject {

  private static final Signature CALL = Signature.of("loop", "iterable");

  private Iterator<PyValue> items;
  private final int depth;
  private final @Nullable UnaryOperator<PyValue> recurse;
  private int length;
  private int index0 = -1;
  private PyValue current = PyNone.NONE;
  private PyValue previous = PyNone.NONE;
  private @Nullable PyValue next;
  private @Nullable PyTuple lastChanged;

  /**
   * Creates the state of a loop before its first round.
   *
   * @param length the number of items, or -1 if only iterating tells
   * @param recurse renders the loop over other items, or null if the loop is not recursive
   */
  LoopObject(
      Iterator<PyValue> items, int length, int depth, @Nullable UnaryOperator<PyValue> recurse) {
    this.items = items;
    this.length = length;
    this.depth = depth;
    this.recurse = recurse;
  }

  /** Moves to the next item and returns whether there is one. */
  boolean advance() {
    PyValue item = peek();
    if (item == null) {
      return false;
    }
    next = null;
    index0++;
    previous = current;
    current = item;
    return true;
  }

  PyValue current() {
    return current;
  }

  private @Nullable PyValue peek() {
    if (next == null && items.hasNext()) {
      next = items.next();
    }
    return next;
  }

  @Override
  public int length() {
    if (length < 0) {
      List<PyValue> rest = new ArrayList<>();
      items.forEachRemaining(rest::add);
      length = index0 + 1 + rest.size() + (next == null ? 0 : 1);
      items = rest.iterator();
    }
    return length;
  }

  @Override
  public String typeName() {
    return "LoopContext";
  }

  @Override
  public String qualifiedTypeName() {
    return "jinja2.runtime.LoopContext";
  }

  @Override
  public String repr() {
    return "<LoopContext " + (index0 + 1) + "/" + length() + ">";
  }

  @Override
  public @Nullable PyValue attribute(String name) {
    return switch (name) {
      case "index" -> PyInt.of(index0 + 1);
      case "index0" -> PyInt.of(index0);
      case "revindex" -> PyInt.of(length() - index0);
      case "revindex0" -> PyInt.of(length() - index0 - 1);
      case "first" -> PyBool.of(index0 == 0);
      case "last" -> PyBool.of(peek() == null);
      case "length" -> PyInt.of(length());
      case "depth" -> PyInt.of(depth + 1);
      case "depth0" -> PyInt.of(depth);
      case "previtem" -> index0 == 0 ? PyUndefined.hint("there is no previous item") : previous;
      case "nextitem" -> {
        PyValue following = peek();
        yield following == null ? PyUndefined.hint("there is no next item") : following;
      }
      case "cycle" -> new PyFunction(name, PyFunction.Kind.METHOD, this::cycle);
      case "changed" -> new PyFunction(name, PyFunction.Kind.METHOD, this::changed);
      default -> null;
    };
  }

  private PyValue cycle(CallArguments arguments) {
    List<PyValue> values = arguments.positional();
    if (values.isEmpty()) {
      throw PyError.type("no items for cycling given");
    }
    return values.get(index0 % values.size());
  }

  private PyValue changed(CallArguments arguments) {
    PyTuple value = new PyTuple(arguments.positional());
    if (lastChanged != null && Comparison.equal(lastChanged, value)) {
      return PyBool.FALSE;
    }
    lastChanged = value;
    return PyBool.TRUE;
  }

  @Override
  public boolean isCallable() {
    return true;
  }

  @Override
  public PyValue call(CallArguments arguments) {
    PyValue iterable = CALL.bind(arguments)[0];
    if (recurse == null) {
      throw PyError.type("The loop must have the 'recursive' marker to be called recursively.");
    }
    return recurse.apply(iterable);
  }
}
