package dev.sconce.text.internal.jinja.syntax;

import dev.sconce.text.internal.jinja.python.Arithmetic;
import dev.sconce.text.internal.jinja.python.PyValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression. */
public sealed interface Expr {

  /** Returns the expressions directly inside this one, in order of evaluation. */
  List<Expr> children();

  /** A literal. */
  record Constant(PyValue value) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of();
    }
  }

  /** A variable. */
  record Name(String name) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of();
    }
  }

  /** {@code [a, b]}. */
  record ListLiteral(List<Expr> items) implements Expr {
    @Override
    public List<Expr> children() {
      return items;
    }
  }

  /** {@code (a, b)}, with or without parentheses. */
  record TupleLiteral(List<Expr> items) implements Expr {
    @Override
    public List<Expr> children() {
      return items;
    }
  }

  /** {@code {a: b}}; keys and values alternate. */
  record DictLiteral(List<Expr> keysAndValues) implements Expr {
    @Override
    public List<Expr> children() {
      return keysAndValues;
    }
  }

  /** {@code then if test else otherwise}. */
  record Conditional(Expr test, Expr then, @Nullable Expr otherwise, int line) implements Expr {
    @Override
    public List<Expr> children() {
      return otherwise == null ? List.of(test, then) : List.of(test, then, otherwise);
    }
  }

  /** {@code left and right} or {@code left or right}. */
  record Logical(boolean and, Expr left, Expr right) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(left, right);
    }
  }

  /** {@code not operand}. */
  record Not(Expr operand) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(operand);
    }
  }

  /** The operators of comparison. */
  enum Comparator {
    /** Equal. */
    EQ,
    /** Not equal. */
    NE,
    /** Less. */
    LT,
    /** Less or equal. */
    LE,
    /** Greater. */
    GT,
    /** Greater or equal. */
    GE,
    /** Contained in. */
    IN,
    /** Not contained in. */
    NOT_IN
  }

  /** One link of a chain of comparisons. */
  record Comparand(Comparator operator, Expr operand) {}

  /** {@code first < a <= b}: each link compares with the operand before it. */
  record Compare(Expr first, List<Comparand> links) implements Expr {
    @Override
    public List<Expr> children() {
      List<Expr> children = new ArrayList<>();
      children.add(first);
      links.forEach(link -> children.add(link.operand()));
      return children;
    }
  }

  /** An arithmetic operation. */
  record Binary(Arithmetic.Operator operator, Expr left, Expr right) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(left, right);
    }
  }

  /** {@code -operand} or {@code +operand}. */
  record Sign(boolean minus, Expr operand) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(operand);
    }
  }

  /** {@code a ~ b ~ c}. */
  record Concat(List<Expr> parts) implements Expr {
    @Override
    public List<Expr> children() {
      return parts;
    }
  }

  /** {@code target.name}. */
  record Attribute(Expr target, String name) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(target);
    }
  }

  /** {@code target[key]}. */
  record Item(Expr target, Expr key) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(target, key);
    }
  }

  /** {@code target[start:stop:step]}; an absent bound is the constant None. */
  record Slice(Expr target, Expr start, Expr stop, Expr step) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(target, start, stop, step);
    }
  }

  /** {@code target(arguments)}. */
  record Call(Expr target, Arguments arguments) implements Expr {
    @Override
    public List<Expr> children() {
      List<Expr> children = new ArrayList<>();
      children.add(target);
      children.addAll(arguments.children());
      return children;
    }
  }

  /** {@code input | name(arguments)}; the input is null in a filter block. */
  record Filter(@Nullable Expr input, String name, Arguments arguments) implements Expr {
    @Override
    public List<Expr> children() {
      List<Expr> children = new ArrayList<>();
      if (input != null) {
        children.add(input);
      }
      children.addAll(arguments.children());
      return children;
    }
  }

  /** {@code input is name(arguments)}. */
  record Test(Expr input, String name, Arguments arguments) implements Expr {
    @Override
    public List<Expr> children() {
      List<Expr> children = new ArrayList<>();
      children.add(input);
      children.addAll(arguments.children());
      return children;
    }
  }

  /** A keyword argument. */
  record Keyword(String name, Expr value) {}

  /**
   * The arguments of a call, filter or test.
   *
   * @param positional by position
   * @param keywords by name
   * @param spreadPositional what {@code *} spreads, or null
   * @param spreadKeywords what {@code **} spreads, or null
   */
  record Arguments(
      List<Expr> positional,
      List<Keyword> keywords,
      @Nullable Expr spreadPositional,
      @Nullable Expr spreadKeywords) {

    private static final Arguments NONE = new Arguments(List.of(), List.of(), null, null);

    /** Returns no arguments. */
    static Arguments none() {
      return NONE;
    }

    /** Returns the expressions inside, in order of evaluation. */
    List<Expr> children() {
      List<Expr> children = new ArrayList<>(positional);
      keywords.forEach(keyword -> children.add(keyword.value()));
      if (spreadPositional != null) {
        children.add(spreadPositional);
      }
      if (spreadKeywords != null) {
        children.add(spreadKeywords);
      }
      return children;
    }
  }
}
