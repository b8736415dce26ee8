package dev.sconce.format.bpte;

import dev.sconce.base.DType;
import dev.sconce.format.Blob;
import dev.sconce.format.Ints;

/** An input or an expected output. */
public sealed interface BundledValue {

  /**
   * A tensor.
   *
   * @param dtype the element type
   * @param sizes the sizes
   * @param dimOrder the dimensions from outermost to innermost in memory
   * @param data the elements
   */
  record TensorValue(DType dtype, Ints sizes, Ints dimOrder, Blob data) implements BundledValue {}

  /**
   * An integer.
   *
   * @param value the integer
   */
  record IntValue(long value) implements BundledValue {}

  /**
   * A boolean.
   *
   * @param value the boolean
   */
  record BoolValue(boolean value) implements BundledValue {}

  /**
   * A double.
   *
   * @param value the double
   */
  record DoubleValue(double value) implements BundledValue {}
}
