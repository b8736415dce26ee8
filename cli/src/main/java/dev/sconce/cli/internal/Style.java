package dev.sconce.cli.internal;

/** How a piece of text looks on a terminal that shows colours; elsewhere it is plain. */
public enum Style {
  /** As it comes. */
  PLAIN(0),
  /** Headings. */
  BOLD(1),
  /** What matters less. */
  DIM(2),
  /** What is wrong. */
  RED(31),
  /** What is right. */
  GREEN(32),
  /** What deserves attention. */
  YELLOW(33),
  /** Names. */
  CYAN(36);

  private final int code;

  Style(int code) {
    this.code = code;
  }

  /** Returns a text between the control sequences of this style. */
  String apply(String text) {
    return this == PLAIN || text.isEmpty() ? text : "\u001B[" + code + "m" + text + "\u001B[0m";
  }
}
