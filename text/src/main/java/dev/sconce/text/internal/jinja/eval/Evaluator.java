package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.Arithmetic;
import dev.sconce.text.internal.jinja.python.Attributes;
import dev.sconce.text.internal.jinja.python.Budget;
import dev.sconce.text.internal.jinja.python.CallArguments;
import dev.sconce.text.internal.jinja.python.Comparison;
import dev.sconce.text.internal.jinja.python.Py;
import dev.sconce.text.internal.jinja.python.PyBool;
import dev.sconce.text.internal.jinja.python.PyDict;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyList;
import dev.sconce.text.internal.jinja.python.PyObject;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyTuple;
import dev.sconce.text.internal.jinja.python.PyUndefined;
import dev.sconce.text.internal.jinja.python.PyValue;
import dev.sconce.text.internal.jinja.python.Subscript;
import dev.sconce.text.internal.jinja.syntax.Expr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions. */
final class Evaluator {

  private final Interpreter interpreter;
  private final Budget budget;

  Evaluator(Interpreter interpreter) {
    this.interpreter = interpreter;
    this.budget = interpreter.budget();
  }

  Interpreter interpreter() {
    return interpreter;
  }

  Budget budget() {
    return budget;
  }

  PyValue evaluate(Expr expression, Frame frame) {
    budget.step();
    return switch (expression) {
      case Expr.Constant constant -> constant.value();
      case Expr.Name name -> frame.get(name.name());
      case Expr.ListLiteral list -> new PyList(all(list.items(), frame));
      case Expr.TupleLiteral tuple -> new PyTuple(all(tuple.items(), frame));
      case Expr.DictLiteral dict -> dict(dict, frame);
      case Expr.Conditional conditional -> conditional(conditional, frame);
      case Expr.Logical logical -> {
        PyValue left = evaluate(logical.left(), frame);
        yield Py.truth(left) == logical.and() ? evaluate(logical.right(), frame) : left;
      }
      case Expr.Not not -> PyBool.of(!Py.truth(evaluate(not.operand(), frame)));
      case Expr.Compare compare -> compare(compare, frame);
      case Expr.Binary binary -> {
        PyValue left = evaluate(binary.left(), frame);
        yield Arithmetic.apply(binary.operator(), left, evaluate(binary.right(), frame), budget);
      }
      case Expr.Sign sign -> {
        PyValue operand = evaluate(sign.operand(), frame);
        yield sign.minus() ? Arithmetic.negate(operand) : Arithmetic.plus(operand);
      }
      case Expr.Concat concat -> concat(concat, frame);
      case Expr.Attribute attribute ->
          Attributes.getAttribute(evaluate(attribute.target(), frame), attribute.name(), budget);
      case Expr.Item item -> {
        PyValue target = evaluate(item.target(), frame);
        yield Attributes.getItem(target, evaluate(item.key(), frame), budget);
      }
      case Expr.Slice slice -> slice(slice, frame);
      case Expr.Call call -> call(call, null, frame);
      case Expr.Filter filter -> {
        if (filter.input() == null) {
          throw new IllegalStateException("a filter without input outside a filter block");
        }
        PyValue input = evaluate(filter.input(), frame);
        yield applyFilter(
            filter.name(), " found.", input, arguments(filter.arguments(), null, frame));
      }
      case Expr.Test test -> {
        PyValue input = evaluate(test.input(), frame);
        yield PyBool.of(
            applyTest(test.name(), " found.", input, arguments(test.arguments(), null, frame)));
      }
    };
  }

  private PyValue slice(Expr.Slice slice, Frame frame) {
    PyValue target = evaluate(slice.target(), frame);
    PyValue start = evaluate(slice.start(), frame);
    PyValue stop = evaluate(slice.stop(), frame);
    try {
      return Subscript.slice(target, start, stop, evaluate(slice.step(), frame), budget);
    } catch (PyError e) {
      // Jinja computes constants while it compiles, by another path, which makes a value that has
      // no slices undefined.
      if (e.kind() == PyError.Kind.TYPE && Constants.isConstant(slice)) {
        return PyUndefined.hint(target.typeName() + " object has no element slice");
      }
      throw e;
    }
  }

  private List<PyValue> all(List<Expr> expressions, Frame frame) {
    List<PyValue> values = new ArrayList<>(expressions.size());
    for (Expr expression : expressions) {
      values.add(evaluate(expression, frame));
    }
    return values;
  }

  private PyValue dict(Expr.DictLiteral literal, Frame frame) {
    PyDict dict = new PyDict();
    List<Expr> parts = literal.keysAndValues();
    for (int i = 0; i < parts.size(); i += 2) {
      PyValue key = evaluate(parts.get(i), frame);
      dict.put(key, evaluate(parts.get(i + 1), frame));
    }
    return dict;
  }

  private PyValue conditional(Expr.Conditional conditional, Frame frame) {
    if (Py.truth(evaluate(conditional.test(), frame))) {
      return evaluate(conditional.then(), frame);
    }
    if (conditional.otherwise() != null) {
      return evaluate(conditional.otherwise(), frame);
    }
    return PyUndefined.hint(
        "the inline if-expression on line %d evaluated to false and no else section was defined."
            .formatted(conditional.line()));
  }

  private PyValue compare(Expr.Compare compare, Frame frame) {
    PyValue left = evaluate(compare.first(), frame);
    for (Expr.Comparand link : compare.links()) {
      PyValue right = evaluate(link.operand(), frame);
      if (!holds(link.operator(), left, right)) {
        return PyBool.FALSE;
      }
      left = right;
    }
    return PyBool.TRUE;
  }

  private static boolean holds(Expr.Comparator operator, PyValue left, PyValue right) {
    return switch (operator) {
      case EQ -> Comparison.equal(left, right);
      case NE -> !Comparison.equal(left, right);
      case LT -> Comparison.ordered(left, Comparison.Order.LT, right);
      case LE -> Comparison.ordered(left, Comparison.Order.LE, right);
      case GT -> Comparison.ordered(left, Comparison.Order.GT, right);
      case GE -> Comparison.ordered(left, Comparison.Order.GE, right);
      case IN -> Comparison.contains(right, left);
      case NOT_IN -> !Comparison.contains(right, left);
    };
  }

  private PyValue concat(Expr.Concat concat, Frame frame) {
    List<PyValue> values = all(concat.parts(), frame);
    StringBuilder out = new StringBuilder();
    for (PyValue value : values) {
      String text = PyRepr.str(value);
      budget.make(text.length());
      out.append(text);
    }
    budget.make(out.length());
    return PyStr.of(out.toString());
  }

  /** Calls what an expression names; {@code caller} is the body of a call block, or null. */
  PyValue call(Expr.Call call, @Nullable MacroObject caller, Frame frame) {
    PyValue target = evaluate(call.target(), frame);
    CallArguments arguments = arguments(call.arguments(), caller, frame);
    return call(target, arguments);
  }

  PyValue call(PyValue target, CallArguments arguments) {
    return switch (target) {
      case PyUndefined undefined -> throw undefined.error();
      case PyObject object -> object.call(arguments);
      default -> throw PyError.type("'" + target.typeName() + "' object is not callable");
    };
  }

  private CallArguments arguments(
      Expr.Arguments arguments, @Nullable MacroObject caller, Frame frame) {
    List<PyValue> positional = all(arguments.positional(), frame);
    SequencedMap<String, PyValue> keywords = new LinkedHashMap<>();
    if (arguments.spreadPositional() != null) {
      positional.addAll(Py.list(evaluate(arguments.spreadPositional(), frame), budget));
    }
    for (Expr.Keyword keyword : arguments.keywords()) {
      keywords.put(keyword.name(), evaluate(keyword.value(), frame));
    }
    if (caller != null) {
      keywords.put("caller", caller);
    }
    if (arguments.spreadKeywords() != null) {
      spread(evaluate(arguments.spreadKeywords(), frame), keywords);
    }
    return new CallArguments(positional, keywords);
  }

  private static void spread(PyValue value, Map<String, PyValue> keywords) {
    if (value instanceof PyUndefined undefined) {
      throw undefined.error();
    }
    if (!(value instanceof PyDict dict)) {
      throw PyError.type("argument after ** must be a mapping, not " + value.typeName());
    }
    dict.entries()
        .forEach(
            (key, argument) -> {
              if (!(key instanceof PyStr name)) {
                throw PyError.type("keywords must be strings");
              }
              if (keywords.putIfAbsent(name.value(), argument) != null) {
                throw PyError.type("got multiple values for keyword argument " + PyRepr.of(key));
              }
            });
  }

  /** Applies the filters of a filter block to what its body rendered. */
  PyValue filterBlock(Expr expression, PyValue input, Frame frame) {
    if (!(expression instanceof Expr.Filter filter)) {
      return evaluate(expression, frame);
    }
    PyValue value = filter.input() == null ? input : filterBlock(filter.input(), input, frame);
    return applyFilter(filter.name(), " found.", value, arguments(filter.arguments(), null, frame));
  }

  /**
   * Applies a filter by name.
   *
   * @param missing how the message about an unknown name ends
   */
  PyValue applyFilter(String name, String missing, PyValue input, CallArguments arguments) {
    Filters.Filter filter = Filters.all().get(name);
    if (filter == null) {
      throw new PyError(PyError.Kind.RUNTIME, "No filter named " + PyRepr.quote(name) + missing);
    }
    return filter.apply(this, input, arguments);
  }

  /** Applies a test by name. */
  boolean applyTest(String name, String missing, PyValue input, CallArguments arguments) {
    Tests.Test test = Tests.all().get(name);
    if (test == null) {
      throw new PyError(PyError.Kind.RUNTIME, "No test named " + PyRepr.quote(name) + missing);
    }
    return test.holds(this, input, arguments);
  }
}
