package dev.sconce.kernels.internal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Little-endian elements of a segment at any alignment, by byte offset. */
public final class Memory {

  /** float32. */
  public static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** int32. */
  public static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** int16, and the bits of float16 and bfloat16. */
  public static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Memory() {}

  /** Returns the float at a byte offset. */
  public static float getFloat(MemorySegment memory, long offset) {
    return memory.get(FLOAT, offset);
  }

  /** Sets the float at a byte offset. */
  public static void setFloat(MemorySegment memory, long offset, float value) {
    memory.set(FLOAT, offset, value);
  }

  /** Returns the int at a byte offset. */
  public static int getInt(MemorySegment memory, long offset) {
    return memory.get(INT, offset);
  }

  /** Sets the int at a byte offset. */
  public static void setInt(MemorySegment memory, long offset, int value) {
    memory.set(INT, offset, value);
  }

  /** Returns the short at a byte offset. */
  public static short getShort(MemorySegment memory, long offset) {
    return memory.get(SHORT, offset);
  }

  /** Sets the short at a byte offset. */
  public static void setShort(MemorySegment memory, long offset, short value) {
    memory.set(SHORT, offset, value);
  }

  /** Returns the byte at a byte offset. */
  public static byte getByte(MemorySegment memory, long offset) {
    return memory.get(ValueLayout.JAVA_BYTE, offset);
  }

  /** Sets the byte at a byte offset. */
  public static void setByte(MemorySegment memory, long offset, byte value) {
    memory.set(ValueLayout.JAVA_BYTE, offset, value);
  }
}
