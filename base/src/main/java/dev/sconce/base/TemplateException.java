package dev.sconce.base;

/**
 * A chat template that cannot be parsed or rendered: it is malformed, it fails on the messages it
 * was given, or it refuses them on purpose.
 */
public final class TemplateException extends SconceException {

  private static final long serialVersionUID = 1L;

  private final String template;
  private final int line;
  private final String kind;
  private final String reason;

  /**
   * Creates an exception.
   *
   * @param template the name of the template
   * @param line the line, counted from 1, or 0 if none is meant
   * @param kind the class of the error as Python names it, for example {@code UndefinedError}
   * @param reason what is wrong, in the words of the template's author or of Jinja
   */
  public TemplateException(String template, int line, String kind, String reason) {
    super(
        line > 0
            ? "%s, line %d: %s: %s".formatted(template, line, kind, reason)
            : "%s: %s: %s".formatted(template, kind, reason));
    this.template = template;
    this.line = line;
    this.kind = kind;
    this.reason = reason;
  }

  /** Returns the name of the template. */
  public String template() {
    return template;
  }

  /** Returns the line at which the template failed, or 0. */
  public int line() {
    return line;
  }

  /**
   * Returns the class of the error as Python names it: {@code TemplateError} for a template that
   * refuses its input with {@code raise_exception}, {@code TemplateSyntaxError} for a malformed
   * one.
   */
  public String kind() {
    return kind;
  }

  /** Returns what is wrong, without place and class. */
  public String reason() {
    return reason;
  }
}
