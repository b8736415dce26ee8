package dev.sconce.text.internal.jinja.eval;

import dev.sconce.text.internal.jinja.python.Budget;
import dev.sconce.text.internal.jinja.python.CallArguments;
import dev.sconce.text.internal.jinja.python.Py;
import dev.sconce.text.internal.jinja.python.PyError;
import dev.sconce.text.internal.jinja.python.PyRepr;
import dev.sconce.text.internal.jinja.python.PyStr;
import dev.sconce.text.internal.jinja.python.PyValue;
import dev.sconce.text.internal.jinja.syntax.Expr;
import dev.sconce.text.internal.jinja.syntax.Stmt;
import dev.sconce.text.internal.jinja.syntax.Target;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Executes statements: one rendering of one template. */
final class Interpreter {

  /** How control leaves a statement. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  /** As deep as macros can call each other in CPython before it gives up. */
  private static final int MAX_CALL_DEPTH = 200;

  private final Budget budget;
  private final Evaluator evaluator;
  private Frame root = new Frame(null);
  private int line = 1;
  private int callDepth;

  Interpreter(Budget budget) {
    this.budget = budget;
    this.evaluator = new Evaluator(this);
  }

  Budget budget() {
    return budget;
  }

  Evaluator evaluator() {
    return evaluator;
  }

  /** Returns the line of the statement that ran last. */
  int line() {
    return line;
  }

  String render(List<Stmt> statements, Frame context) {
    root = new Frame(context);
    StringBuilder out = new StringBuilder();
    execute(statements, root, out);
    return out.toString();
  }

  Flow execute(List<Stmt> statements, Frame frame, StringBuilder out) {
    for (Stmt statement : statements) {
      Flow flow = execute(statement, frame, out);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private void write(String text, StringBuilder out) {
    budget.make(text.length());
    out.append(text);
    if (out.length() > (1 << 16)) {
      // Checks the length of the whole only now and then: the check also counts as work.
      checkOutput(text.length(), out);
    }
  }

  private void checkOutput(int added, StringBuilder out) {
    if (out.length() >>> 16 != (out.length() - added) >>> 16) {
      budget.make(out.length());
    }
  }

  private Flow execute(Stmt statement, Frame frame, StringBuilder out) {
    budget.step();
    switch (statement) {
      case Stmt.Text text -> write(text.text(), out);
      case Stmt.Print print -> {
        line = print.line();
        write(PyRepr.str(evaluator.evaluate(print.value(), frame)), out);
      }
      case Stmt.For loop -> {
        return loop(loop, frame, out);
      }
      case Stmt.If conditional -> {
        return conditional(conditional, frame, out);
      }
      case Stmt.Assign assign -> {
        line = assign.line();
        checkNamespaces(assign.target(), frame);
        assign(assign.target(), evaluator.evaluate(assign.value(), frame), frame);
      }
      case Stmt.AssignBlock assign -> {
        return assignBlock(assign, frame);
      }
      case Stmt.Macro macro -> {
        Stmt.MacroDefinition definition = macro.definition();
        frame.set(definition.name(), new MacroObject(definition, frame, this));
      }
      case Stmt.CallBlock call -> {
        line = call.line();
        MacroObject caller = new MacroObject(call.caller(), frame, this);
        write(PyRepr.str(evaluator.call(call.call(), caller, frame)), out);
      }
      case Stmt.FilterBlock block -> {
        return filterBlock(block, frame, out);
      }
      case Stmt.With with -> {
        line = with.line();
        Frame inner = new Frame(frame);
        for (int i = 0; i < with.targets().size(); i++) {
          assign(with.targets().get(i), evaluator.evaluate(with.values().get(i), frame), inner);
        }
        return execute(with.body(), inner, out);
      }
      case Stmt.Block block -> {
        line = block.line();
        if (block.required()) {
          throw new PyError(
              PyError.Kind.RUNTIME, "Required block " + PyRepr.quote(block.name()) + " not found");
        }
        execute(block.body(), new Frame(block.scoped() ? frame : root), out);
      }
      case Stmt.Generation generation -> execute(generation.body(), new Frame(frame), out);
      case Stmt.Scope scope -> {
        return execute(scope.body(), new Frame(frame), out);
      }
      case Stmt.NeedsLoader loader -> {
        line = loader.line();
        throw PyError.type(
            "no loader for this environment specified: a chat template is a single file");
      }
      case Stmt.Break _ -> {
        return Flow.BREAK;
      }
      case Stmt.Continue _ -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.NEXT;
  }

  private Flow conditional(Stmt.If conditional, Frame frame, StringBuilder out) {
    line = conditional.line();
    for (Stmt.Branch branch : conditional.branches()) {
      if (Py.truth(evaluator.evaluate(branch.test(), frame))) {
        return execute(branch.body(), frame, out);
      }
    }
    return execute(conditional.otherwise(), frame, out);
  }

  private Flow assignBlock(Stmt.AssignBlock assign, Frame frame) {
    line = assign.line();
    StringBuilder captured = new StringBuilder();
    Frame inner = new Frame(frame);
    Flow flow = execute(assign.body(), inner, captured);
    if (flow == Flow.NEXT) {
      PyValue value = PyStr.of(captured.toString());
      if (assign.filter() != null) {
        value = evaluator.filterBlock(assign.filter(), value, inner);
      }
      checkNamespaces(assign.target(), frame);
      assign(assign.target(), value, frame);
    }
    return flow;
  }

  private Flow filterBlock(Stmt.FilterBlock block, Frame frame, StringBuilder out) {
    line = block.line();
    StringBuilder captured = new StringBuilder();
    Frame inner = new Frame(frame);
    Flow flow = execute(block.body(), inner, captured);
    if (flow == Flow.NEXT) {
      PyValue value = evaluator.filterBlock(block.filter(), PyStr.of(captured.toString()), inner);
      write(PyRepr.str(value), out);
    }
    return flow;
  }

  private Flow loop(Stmt.For loop, Frame frame, StringBuilder out) {
    line = loop.line();
    PyValue iterable = evaluator.evaluate(loop.iterable(), frame);
    if (loop.recursive()) {
      write(recursiveLoop(loop, iterable, frame, 0), out);
      return Flow.NEXT;
    }
    return iterate(loop, iterable, frame, 0, out);
  }

  /** Renders a recursive loop over a value; {@code loop(value)} comes here too. */
  String recursiveLoop(Stmt.For loop, PyValue iterable, Frame frame, int depth) {
    enterCall();
    StringBuilder captured = new StringBuilder();
    iterate(loop, iterable, frame, depth, captured);
    callDepth--;
    return captured.toString();
  }

  private Flow iterate(Stmt.For loop, PyValue iterable, Frame frame, int depth, StringBuilder out) {
    LoopObject state =
        new LoopObject(
            loop.test() == null
                ? Py.iterate(iterable)
                : new FilteredItems(Py.iterate(iterable), loop.target(), loop.test(), frame),
            loop.test() == null ? Py.lengthOrNone(iterable) : -1,
            depth,
            loop.recursive()
                ? inner -> PyStr.of(recursiveLoop(loop, inner, frame, depth + 1))
                : null);
    Frame inner = new Frame(frame);
    boolean any = false;
    while (state.advance()) {
      budget.step();
      any = true;
      inner.clear();
      inner.set("loop", state);
      assign(loop.target(), state.current(), inner);
      if (execute(loop.body(), inner, out) == Flow.BREAK) {
        break;
      }
    }
    inner.clear();
    return any ? Flow.NEXT : execute(loop.otherwise(), new Frame(frame), out);
  }

  /** The items of a loop that pass its {@code if}. */
  private final class FilteredItems implements Iterator<PyValue> {
    private final Iterator<PyValue> items;
    private final Target target;
    private final Expr test;
    private final Frame scope;
    private @Nullable PyValue next;

    FilteredItems(Iterator<PyValue> items, Target target, Expr test, Frame frame) {
      this.items = items;
      this.target = target;
      this.test = test;
      this.scope = new Frame(frame);
    }

    @Override
    public boolean hasNext() {
      while (next == null && items.hasNext()) {
        budget.step();
        PyValue item = items.next();
        assign(target, item, scope);
        if (Py.truth(evaluator.evaluate(test, scope))) {
          next = item;
        }
      }
      return next != null;
    }

    @Override
    public PyValue next() {
      if (!hasNext() || next == null) {
        throw new java.util.NoSuchElementException();
      }
      PyValue item = next;
      next = null;
      return item;
    }
  }

  private static void checkNamespaces(Target target, Frame frame) {
    switch (target) {
      case Target.Variable _ -> {}
      case Target.Unpacking unpacking ->
          unpacking.targets().forEach(inner -> checkNamespaces(inner, frame));
      case Target.NamespaceAttribute attribute -> {
        if (!(frame.get(attribute.namespace()) instanceof NamespaceObject)) {
          throw new PyError(
              PyError.Kind.RUNTIME, "cannot assign attribute on non-namespace object");
        }
      }
    }
  }

  private void assign(Target target, PyValue value, Frame frame) {
    switch (target) {
      case Target.Variable variable -> frame.set(variable.name(), value);
      case Target.Unpacking unpacking -> {
        List<PyValue> items = unpack(value, unpacking.targets().size());
        for (int i = 0; i < items.size(); i++) {
          assign(unpacking.targets().get(i), items.get(i), frame);
        }
      }
      case Target.NamespaceAttribute attribute -> {
        if (frame.get(attribute.namespace()) instanceof NamespaceObject namespace) {
          namespace.set(attribute.attribute(), value);
        }
      }
    }
  }

  private List<PyValue> unpack(PyValue value, int count) {
    if (!Py.isIterable(value)) {
      throw PyError.type("cannot unpack non-iterable " + value.typeName() + " object");
    }
    List<PyValue> items = new ArrayList<>(count);
    Iterator<PyValue> elements = Py.iterate(value);
    while (elements.hasNext()) {
      if (items.size() == count) {
        throw PyError.value("too many values to unpack (expected " + count + ")");
      }
      budget.step();
      items.add(elements.next());
    }
    if (items.size() < count) {
      throw PyError.value(
          "not enough values to unpack (expected " + count + ", got " + items.size() + ")");
    }
    return items;
  }

  /** Runs a macro's body. */
  PyValue callMacro(MacroObject macro, CallArguments arguments) {
    enterCall();
    int caller = line;
    Frame frame = macro.bind(arguments);
    StringBuilder out = new StringBuilder();
    execute(macro.definition().body(), frame, out);
    line = caller;
    callDepth--;
    return PyStr.of(out.toString());
  }

  private void enterCall() {
    if (++callDepth > MAX_CALL_DEPTH) {
      throw new PyError(PyError.Kind.RECURSION, "maximum recursion depth exceeded");
    }
  }
}
