package dev.sconce.cli.internal.report;

/**
 * A named piece of information.
 *
 * @param key the member's name in JSON
 * @param label what people read before it; empty if they do not get it
 * @param value the information
 */
public record Fact(String key, String label, Cell value) {

  /** Returns a fact for people and scripts. */
  public static Fact of(String key, String label, Cell value) {
    return new Fact(key, label, value);
  }

  /** Returns a fact for scripts only. */
  public static Fact json(String key, Cell value) {
    return new Fact(key, "", value);
  }
}
