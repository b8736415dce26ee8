package dev.sconce.export.checkpoint;

import dev.sconce.base.BFloat16;
import dev.sconce.base.DType;
import dev.sconce.base.HalfFloat;
import dev.sconce.graph.ConstantData;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A weight as a constant of floats, converted a block of rows at a time.
 *
 * @param weight the numbers
 * @param dtype the element type in the file
 */
record DenseData(Weight weight, DType dtype) implements ConstantData {

  private static final int BLOCK = 1 << 18;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  DenseData {
    if (dtype != DType.FLOAT32 && dtype != DType.FLOAT16 && dtype != DType.BFLOAT16) {
      throw new IllegalArgumentException("expected a floating type of the file, found " + dtype);
    }
  }

  @Override
  public long byteSize() {
    return dtype.byteSize((long) weight.rows() * weight.columns());
  }

  @Override
  public void writeTo(MemorySegment target) {
    int columns = weight.columns();
    int blockRows = Math.max(1, BLOCK / Math.max(1, columns));
    float[] block = new float[Math.min(blockRows, weight.rows()) * columns];
    for (int row = 0; row < weight.rows(); row += blockRows) {
      int count = Math.min(blockRows, weight.rows() - row);
      weight.read(row, count, block);
      store(block, count * columns, target, (long) row * columns);
    }
  }

  private void store(float[] values, int count, MemorySegment target, long first) {
    if (dtype == DType.FLOAT32) {
      MemorySegment.copy(values, 0, target, FLOAT, first * Float.BYTES, count);
      return;
    }
    boolean half = dtype == DType.FLOAT16;
    for (int i = 0; i < count; i++) {
      short bits = half ? HalfFloat.fromFloat(values[i]) : BFloat16.fromFloat(values[i]);
      target.set(SHORT, (first + i) * Short.BYTES, bits);
    }
  }

  @Override
  public String identity() {
    return weight.identity() + " as " + dtype;
  }
}
