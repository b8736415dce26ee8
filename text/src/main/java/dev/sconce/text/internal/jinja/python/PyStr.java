package dev.sconce.text.internal.jinja.python;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A string; Python counts its code points, Java's text counts UTF-16 units.
 *
 * <p>A string that went through {@code safe} or {@code escape} is <em>markup</em>: what it is
 * combined with is escaped for HTML. Nothing else tells the two apart.
 */
public final class PyStr implements PyValue {

  /** The empty string. */
  public static final PyStr EMPTY = new PyStr("", false);

  private final String value;
  private final boolean markup;

  private PyStr(String value, boolean markup) {
    this.value = value;
    this.markup = markup;
  }

  /** Returns a plain string. */
  public static PyStr of(String value) {
    return value.isEmpty() ? EMPTY : new PyStr(value, false);
  }

  /** Returns a string that counts as escaped. */
  public static PyStr markup(String value) {
    return new PyStr(value, true);
  }

  /** Returns another text that is markup if this one is. */
  public PyStr like(String text) {
    return markup ? markup(text) : of(text);
  }

  /** Returns the text. */
  public String value() {
    return value;
  }

  /** Returns whether the string counts as escaped. */
  public boolean isMarkup() {
    return markup;
  }

  /** Returns the number of code points. */
  public int length() {
    return value.codePointCount(0, value.length());
  }

  @Override
  public String typeName() {
    return markup ? "Markup" : "str";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PyStr that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(value);
  }
}
