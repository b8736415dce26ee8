package dev.sconce.kernels.internal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Little-endian elements of off-heap memory at any alignment, by byte offset. */
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

  // The JDK's class of mapped memory extends the one of allocated memory, and adds no way to access
  // it.
  private static final Class<? extends MemorySegment> OFF_HEAP = MemorySegment.NULL.getClass();

  private Memory() {}

  /** Returns whether memory is what {@link #offHeap} takes. */
  public static boolean isOffHeap(MemorySegment memory) {
    return OFF_HEAP.isInstance(memory);
  }

  /**
   * Returns the same memory with the compiler knowing that it is off-heap.
   *
   * <p>All accesses to memory in a process run through the same few methods of the JDK, so that the
   * compiler finds every class of memory there that was ever used. Two of them (allocated and
   * mapped) make loops over vectors 2.5 times as slow, three 7 times, because nothing that depends
   * on the class can be moved out of the loop. A cast to the one class can, and settles the matter.
   */
  public static MemorySegment offHeap(MemorySegment memory) {
    return OFF_HEAP.cast(memory);
  }

  /** Returns the float at a byte offset. */
  public static float getFloat(MemorySegment memory, long offset) {
    return offHeap(memory).get(FLOAT, offset);
  }

  /** Sets the float at a byte offset. */
  public static void setFloat(MemorySegment memory, long offset, float value) {
    offHeap(memory).set(FLOAT, offset, value);
  }

  /** Returns the int at a byte offset. */
  public static int getInt(MemorySegment memory, long offset) {
    return offHeap(memory).get(INT, offset);
  }

  /** Sets the int at a byte offset. */
  public static void setInt(MemorySegment memory, long offset, int value) {
    offHeap(memory).set(INT, offset, value);
  }

  /** Returns the short at a byte offset. */
  public static short getShort(MemorySegment memory, long offset) {
    return offHeap(memory).get(SHORT, offset);
  }

  /** Sets the short at a byte offset. */
  public static void setShort(MemorySegment memory, long offset, short value) {
    offHeap(memory).set(SHORT, offset, value);
  }

  /** Returns the byte at a byte offset. */
  public static byte getByte(MemorySegment memory, long offset) {
    return offHeap(memory).get(ValueLayout.JAVA_BYTE, offset);
  }

  /** Sets the byte at a byte offset. */
  public static void setByte(MemorySegment memory, long offset, byte value) {
    offHeap(memory).set(ValueLayout.JAVA_BYTE, offset, value);
  }
}
