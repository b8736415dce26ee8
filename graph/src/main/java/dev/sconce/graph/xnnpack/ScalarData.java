package dev.sconce.graph.xnnpack;

import dev.sconce.base.DType;
import dev.sconce.base.HalfFloat;
import dev.sconce.graph.ConstantData;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One number as a tensor, or a row of it.
 *
 * @param value the number
 * @param dtype its element type
 * @param count how often it stands there
 */
record ScalarData(float value, DType dtype, int count) implements ConstantData {

  ScalarData(float value, DType dtype) {
    this(value, dtype, 1);
  }

  @Override
  public long byteSize() {
    return dtype.byteSize(count);
  }

  @Override
  public void writeTo(MemorySegment target) {
    for (int i = 0; i < count; i++) {
      if (dtype == DType.FLOAT32) {
        target.set(
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
            (long) i * Float.BYTES,
            value);
      } else {
        target.set(
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
            (long) i * Short.BYTES,
            HalfFloat.fromFloat(value));
      }
    }
  }

  @Override
  public String identity() {
    return value + " as " + dtype + ", " + count + " times";
  }
}
