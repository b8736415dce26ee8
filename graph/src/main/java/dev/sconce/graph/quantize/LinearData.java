package dev.sconce.graph.quantize;

import dev.sconce.base.DType;
import dev.sconce.graph.ConstantData;
import java.lang.foreign.MemorySegment;

/**
 * The matrix of a linear layer that a backend shall quantise: it stands in the graph with its
 * floating type, and cannot be written as it is.
 *
 * @param rows the weights
 * @param dtype the element type that the graph shows
 * @param scheme how the backend stores it
 * @param quantizedInput whether what is multiplied by it is quantised, too, row by row at run time
 */
public record LinearData(WeightRows rows, DType dtype, WeightScheme scheme, boolean quantizedInput)
    implements ConstantData {

  /** Returns the matrix as integers and scales. */
  public QuantizedMatrix matrix() {
    return new QuantizedMatrix(rows, scheme);
  }

  /**
   * Returns the element type of stored scales: bfloat16 for groups of 4-bit weights that meet
   * quantised input, as XNNPACK wants them; float32 for scales of rows.
   */
  public DType scaleType() {
    return scheme.bits() == 4 && quantizedInput ? DType.BFLOAT16 : DType.FLOAT32;
  }

  @Override
  public long byteSize() {
    return dtype.byteSize((long) rows.rows() * rows.columns());
  }

  @Override
  public void writeTo(MemorySegment target) {
    throw new IllegalStateException(
        identity() + ": a quantised matrix outside of a backend that can multiply by it");
  }

  @Override
  public String identity() {
    return rows.identity() + " for " + scheme + (quantizedInput ? ", dynamic" : "");
  }
}
