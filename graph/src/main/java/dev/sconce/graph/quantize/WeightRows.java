package dev.sconce.graph.quantize;

import java.util.List;

/** A matrix of weights that is read a few rows at a time; safe for several threads. */
public interface WeightRows {

  /** Returns the number of rows. */
  int rows();

  /** Returns the number of columns. */
  int columns();

  /**
   * Reads consecutive rows as floats.
   *
   * @param firstRow the first row
   * @param count how many rows
   * @param target receives the rows one after the other, from index 0
   */
  void read(int firstRow, int count, float[] target);

  /** Returns a text that tells these weights from others. */
  String identity();

  /**
   * Returns the matrices that lie one below the other here: each is quantised as if it were alone.
   */
  default List<WeightRows> parts() {
    return List.of(this);
  }
}
