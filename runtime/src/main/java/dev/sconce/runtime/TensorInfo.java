package dev.sconce.runtime;

import dev.sconce.base.DType;
import java.util.List;

/**
 * What a program says of a tensor that goes in or comes out.
 *
 * @param dtype the element type
 * @param shape the sizes; upper bounds if the tensor is dynamic
 * @param dimOrder the dimensions, outermost in memory first
 * @param dynamic whether other sizes of the same rank are allowed
 * @param planned whether its memory is the program's (inputs are copied there) or the caller's
 *     (inputs are used in place)
 * @param bytes the size at the upper bound
 */
public record TensorInfo(
    DType dtype,
    List<Integer> shape,
    List<Integer> dimOrder,
    boolean dynamic,
    boolean planned,
    long bytes) {

  /** Copies the lists. */
  public TensorInfo {
    shape = List.copyOf(shape);
    dimOrder = List.copyOf(dimOrder);
  }

  @Override
  public String toString() {
    return dtype + shape.toString() + (dynamic ? " (upper bound)" : "");
  }
}
