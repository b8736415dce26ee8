package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The integers from 0, as a constant.
 *
 * @param count how many
 */
record Range(int count) implements ConstantData {

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Returns the integers from 0, {@code int64[count]}. */
  static Value of(Blocks blocks, int count) {
    return blocks
        .builder()
        .parameter("range." + count, Type.TensorType.of(DType.INT64, count), new Range(count));
  }

  @Override
  public long byteSize() {
    return (long) count * Long.BYTES;
  }

  @Override
  public void writeTo(MemorySegment target) {
    for (int i = 0; i < count; i++) {
      target.set(LONG, (long) i * Long.BYTES, i);
    }
  }

  @Override
  public String identity() {
    return "integers below " + count;
  }
}
