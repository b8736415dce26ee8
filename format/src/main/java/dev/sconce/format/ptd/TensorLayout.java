package dev.sconce.format.ptd;

import dev.sconce.base.DType;
import dev.sconce.format.Ints;

/**
 * How named data are to be seen as a tensor.
 *
 * @param dtype the element type
 * @param sizes the sizes
 * @param dimOrder the dimensions from outermost to innermost in memory
 */
public record TensorLayout(DType dtype, Ints sizes, Ints dimOrder) {

  /**
   * Returns the size in bytes.
   *
   * @throws ArithmeticException if it does not fit a long
   */
  public long byteSize() {
    long count = 1;
    for (int i = 0; i < sizes.size(); i++) {
      count = Math.multiplyExact(count, (long) sizes.at(i));
    }
    return dtype.byteSize(count);
  }
}
