package dev.sconce.text.internal.jinja.python;

/** HTML escaping as markupsafe does it. */
public final class Markup {

  private Markup() {}

  /** Returns the text of a value with HTML's characters escaped, unless it is markup already. */
  public static String escape(PyValue value) {
    return value instanceof PyStr string && string.isMarkup()
        ? string.value()
        : escape(PyRepr.str(value));
  }

  /** Returns a text with HTML's characters escaped. */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '\'' -> out.append("&#39;");
        case '"' -> out.append("&#34;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
