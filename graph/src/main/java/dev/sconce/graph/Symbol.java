package dev.sconce.graph;

/**
 * An integer that is known only at run time, within bounds: a sequence length, a batch size, a
 * position.
 *
 * @param name the name that text shows; unique within a graph
 * @param min the smallest value it takes
 * @param max the largest value it takes
 */
public record Symbol(String name, long min, long max) {

  /** Creates a symbol. */
  public Symbol {
    if (min > max) {
      throw new IllegalArgumentException(
          "symbol %s: expected min <= max, found %d > %d".formatted(name, min, max));
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
