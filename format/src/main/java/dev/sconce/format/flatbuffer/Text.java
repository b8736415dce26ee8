package dev.sconce.format.flatbuffer;

/** Untrusted text in messages. */
final class Text {

  private static final int MAX_SHOWN = 60;

  private Text() {}

  /** Returns a string in quotes, shortened, with control and exotic characters as escapes. */
  static String quoted(String text) {
    StringBuilder shown = new StringBuilder("\"");
    int length = Math.min(text.length(), MAX_SHOWN);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        shown.append("\\u%04x".formatted((int) c));
      } else {
        shown.append(c);
      }
    }
    return shown.append(length < text.length() ? "\"..." : "\"").toString();
  }
}
