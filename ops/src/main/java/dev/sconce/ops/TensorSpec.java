package dev.sconce.ops;

import dev.sconce.base.DType;

/**
 * What a rule knows about a tensor.
 *
 * @param dtype its element type
 * @param shape its sizes
 */
public record TensorSpec(DType dtype, Shape shape) {

  @Override
  public String toString() {
    return dtype + shape.toString();
  }
}
