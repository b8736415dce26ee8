package dev.sconce.base.json;

import java.util.Iterator;
import java.util.Map;

/** Writes JSON values; members keep the order they have in their object. */
public final class JsonWriter {

  private static final String INDENT = "  ";

  private final StringBuilder out = new StringBuilder();
  private final boolean pretty;

  private JsonWriter(boolean pretty) {
    this.pretty = pretty;
  }

  /** Returns a value on one line, without spaces. */
  public static String compact(JsonValue value) {
    JsonWriter writer = new JsonWriter(false);
    writer.write(value, 0);
    return writer.out.toString();
  }

  /** Returns a value over several lines, indented by two spaces. */
  public static String pretty(JsonValue value) {
    JsonWriter writer = new JsonWriter(true);
    writer.write(value, 0);
    return writer.out.toString();
  }

  private void write(JsonValue value, int level) {
    switch (value) {
      case JsonObject object -> object(object, level);
      case JsonArray array -> array(array, level);
      case JsonString string -> quote(string.value(), out);
      case JsonNumber number -> out.append(number.literal());
      case JsonBool bool -> out.append(bool);
      case JsonNull _ -> out.append("null");
    }
  }

  private void object(JsonObject object, int level) {
    out.append('{');
    Iterator<Map.Entry<String, JsonValue>> members = object.members().entrySet().iterator();
    boolean any = members.hasNext();
    while (members.hasNext()) {
      Map.Entry<String, JsonValue> member = members.next();
      newLine(level + 1);
      quote(member.getKey(), out);
      out.append(pretty ? ": " : ":");
      write(member.getValue(), level + 1);
      out.append(members.hasNext() ? "," : "");
    }
    if (any) {
      newLine(level);
    }
    out.append('}');
  }

  private void array(JsonArray array, int level) {
    out.append('[');
    Iterator<JsonValue> values = array.iterator();
    boolean any = values.hasNext();
    while (values.hasNext()) {
      newLine(level + 1);
      write(values.next(), level + 1);
      out.append(values.hasNext() ? "," : "");
    }
    if (any) {
      newLine(level);
    }
    out.append(']');
  }

  private void newLine(int level) {
    if (pretty) {
      out.append('\n').repeat(INDENT, level);
    }
  }

  /** Appends a text as a JSON string; control characters and lone surrogates are escaped. */
  static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1))) {
            out.append(c).append(text.charAt(++i));
          } else if (c < 0x20 || c == 0x7F || Character.isSurrogate(c)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
