package dev.sconce.text.internal.jinja.python;

/** An error of a template: one of Jinja's or one of Python's exceptions. */
public final class PyError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The exception classes of Jinja and Python that templates meet. */
  public enum Kind {
    /** Raised by {@code raise_exception}. */
    TEMPLATE("TemplateError"),
    /** The template is not well-formed. */
    SYNTAX("TemplateSyntaxError"),
    /** The template breaks a rule that is checked before it runs. */
    ASSERTION("TemplateAssertionError"),
    /** A rule of templates is broken while it runs. */
    RUNTIME("TemplateRuntimeError"),
    /** An undefined value was used. */
    UNDEFINED("UndefinedError"),
    /** The sandbox forbids it. */
    SECURITY("SecurityError"),
    /** A filter got arguments it cannot use. */
    FILTER_ARGUMENT("FilterArgumentError"),
    /** Wrong type. */
    TYPE("TypeError"),
    /** Wrong value. */
    VALUE("ValueError"),
    /** Index out of range. */
    INDEX("IndexError"),
    /** No such key. */
    KEY("KeyError"),
    /** Division by zero. */
    ZERO_DIVISION("ZeroDivisionError"),
    /** A number too large. */
    OVERFLOW("OverflowError"),
    /** An assertion of a filter. */
    PYTHON_ASSERTION("AssertionError"),
    /** Calls or values nest too deeply. */
    RECURSION("RecursionError"),
    /** A limit on work, output or sizes is reached. */
    LIMIT("LimitExceeded"),
    /** Part of Jinja that this engine leaves out. */
    UNSUPPORTED("NotImplementedError");

    private final String className;

    Kind(String className) {
      this.className = className;
    }

    /** Returns the name of the exception class in Python. */
    public String className() {
      return className;
    }
  }

  private final Kind kind;
  private final String text;
  private final int line;

  /** Creates an error; the line is added where it is known. */
  public PyError(Kind kind, String text) {
    this(kind, text, 0);
  }

  /** Creates an error at a line of the template, counted from 1. */
  public PyError(Kind kind, String text, int line) {
    super(text, null, false, false);
    this.kind = kind;
    this.text = text;
    this.line = line;
  }

  /** Returns a TypeError. */
  public static PyError type(String text) {
    return new PyError(Kind.TYPE, text);
  }

  /** Returns a ValueError. */
  public static PyError value(String text) {
    return new PyError(Kind.VALUE, text);
  }

  /** Returns the class of the error. */
  public Kind kind() {
    return kind;
  }

  /** Returns the message. */
  public String text() {
    return text;
  }

  /** Returns the line, or 0 if it is not known. */
  public int line() {
    return line;
  }
}
