package dev.sconce.graph.pass;

import dev.sconce.graph.ConstantData;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One float32 number, again and again.
 *
 * @param number the number
 * @param count how many times
 * @param identity what tells it from other constants
 */
record RepeatedNumber(float number, int count, String identity) implements ConstantData {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @Override
  public long byteSize() {
    return (long) count * Float.BYTES;
  }

  @Override
  public void writeTo(MemorySegment target) {
    for (int i = 0; i < count; i++) {
      target.set(FLOAT, (long) i * Float.BYTES, number);
    }
  }
}
