package dev.sconce.format.xnnpack;

import dev.sconce.format.Ints;
import org.jspecify.annotations.Nullable;

/**
 * A value: an argument of the call, a constant, or what one node hands to others.
 *
 * @param id the number by which nodes name this value
 * @param datatype the element type
 * @param dims the sizes; for values that change, their upper bounds
 * @param constant the index of the constant that this value is, or 0
 * @param externalId the index of the call's argument that this value is, or {@link XnnGraph#NO_ID}
 * @param flags {@link #EXTERNAL_INPUT} and {@link #EXTERNAL_OUTPUT}
 * @param dynamicDatatype in old blobs, the type to which this input is quantized at run time; null
 *     in others, where a Convert node does it
 * @param quantization how elements stand for numbers; null if they are numbers themselves
 */
public record XnnValue(
    int id,
    XnnDatatype datatype,
    Ints dims,
    int constant,
    int externalId,
    int flags,
    @Nullable XnnDatatype dynamicDatatype,
    @Nullable XnnQuantization quantization) {

  /** Flag of an input of the graph. */
  public static final int EXTERNAL_INPUT = 1;

  /** Flag of an output of the graph. */
  public static final int EXTERNAL_OUTPUT = 2;

  /** Returns whether the call hands this value in. */
  public boolean isInput() {
    return (flags & EXTERNAL_INPUT) != 0;
  }

  /** Returns whether the call gets this value back. */
  public boolean isOutput() {
    return (flags & EXTERNAL_OUTPUT) != 0;
  }

  /** Returns whether this value is a constant. */
  public boolean isConstant() {
    return constant != 0;
  }

  /**
   * Returns the number of elements, at most.
   *
   * @throws ArithmeticException if it does not fit a long
   */
  public long elements() {
    return product(dims.size());
  }

  /**
   * Returns the size in bytes, at most; of 4-bit elements each row takes whole bytes.
   *
   * @throws ArithmeticException if it does not fit a long
   */
  public long byteSize() {
    if (datatype.bits() >= Byte.SIZE) {
      return Math.multiplyExact(elements(), (long) (datatype.bits() / Byte.SIZE));
    }
    if (dims.isEmpty()) {
      return 1;
    }
    long row = Math.ceilDiv((long) dims.at(dims.size() - 1) * datatype.bits(), (long) Byte.SIZE);
    return Math.multiplyExact(product(dims.size() - 1), row);
  }

  private long product(int count) {
    long product = 1;
    for (int i = 0; i < count; i++) {
      product = Math.multiplyExact(product, (long) dims.at(i));
    }
    return product;
  }
}
