package dev.sconce.runtime.internal.memory;

import dev.sconce.base.BFloat16;
import dev.sconce.base.DType;
import dev.sconce.base.HalfFloat;
import dev.sconce.base.InvalidInputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Single elements of any type of numbers. For printing, comparing and small copies, not for
 * kernels: every access switches over the type.
 */
public final class ElementAccess {

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private ElementAccess() {}

  /** Returns whether elements of a type are integers or bools, which {@link #loadLong} reads. */
  public static boolean isIntegral(DType dtype) {
    return dtype.isInteger() || dtype == DType.BOOL;
  }

  /** Returns the type of the two parts of a complex type, null for other types. */
  public static @Nullable DType partOf(DType dtype) {
    return switch (dtype) {
      case COMPLEX32 -> DType.FLOAT16;
      case COMPLEX64 -> DType.FLOAT32;
      case COMPLEX128 -> DType.FLOAT64;
      default -> null;
    };
  }

  /**
   * Returns an element of an integer or bool type.
   *
   * @throws InvalidInputException for other types
   */
  public static long loadLong(MemorySegment memory, DType dtype, long index) {
    return switch (dtype) {
      case UINT8 -> Byte.toUnsignedInt(memory.get(BYTE, index));
      case INT8 -> memory.get(BYTE, index);
      case BOOL -> memory.get(BYTE, index) != 0 ? 1 : 0;
      case INT16 -> memory.get(SHORT, index * Short.BYTES);
      case UINT16 -> Short.toUnsignedInt(memory.get(SHORT, index * Short.BYTES));
      case INT32 -> memory.get(INT, index * Integer.BYTES);
      case UINT32 -> Integer.toUnsignedLong(memory.get(INT, index * Integer.BYTES));
      case INT64, UINT64 -> memory.get(LONG, index * Long.BYTES);
      default -> throw unreadable(dtype);
    };
  }

  /**
   * Returns an element of any type of numbers.
   *
   * @throws InvalidInputException for complex, packed and opaque types
   */
  public static double load(MemorySegment memory, DType dtype, long index) {
    return switch (dtype) {
      case FLOAT32 -> memory.get(FLOAT, index * Float.BYTES);
      case FLOAT64 -> memory.get(DOUBLE, index * Double.BYTES);
      case FLOAT16 -> HalfFloat.toFloat(memory.get(SHORT, index * Short.BYTES));
      case BFLOAT16 -> BFloat16.toFloat(memory.get(SHORT, index * Short.BYTES));
      case UINT64 -> unsignedToDouble(memory.get(LONG, index * Long.BYTES));
      default -> loadLong(memory, dtype, index);
    };
  }

  /**
   * Stores an element, rounded to its type; integers are truncated.
   *
   * @throws InvalidInputException for complex, packed and opaque types
   */
  public static void store(MemorySegment memory, DType dtype, long index, double value) {
    switch (dtype) {
      case UINT8, INT8 -> memory.set(BYTE, index, (byte) (long) value);
      case BOOL -> memory.set(BYTE, index, (byte) (value != 0 ? 1 : 0));
      case INT16, UINT16 -> memory.set(SHORT, index * Short.BYTES, (short) (long) value);
      case INT32, UINT32 -> memory.set(INT, index * Integer.BYTES, (int) (long) value);
      case INT64, UINT64 -> memory.set(LONG, index * Long.BYTES, (long) value);
      case FLOAT16 -> memory.set(SHORT, index * Short.BYTES, HalfFloat.fromDouble(value));
      case BFLOAT16 -> memory.set(SHORT, index * Short.BYTES, BFloat16.fromDouble(value));
      case FLOAT32 -> memory.set(FLOAT, index * Float.BYTES, (float) value);
      case FLOAT64 -> memory.set(DOUBLE, index * Double.BYTES, value);
      default -> throw unreadable(dtype);
    }
  }

  /**
   * Copies elements from one order in memory to another.
   *
   * @param source where from
   * @param sourceStrides its strides in elements
   * @param target where to; must not overlap the source
   * @param targetStrides its strides in elements
   * @param shape the sizes of both
   * @param elementSize bytes of one element
   */
  public static void reorder(
      MemorySegment source,
      long[] sourceStrides,
      MemorySegment target,
      long[] targetStrides,
      long[] shape,
      int elementSize) {
    int rank = shape.length;
    long numel = 1;
    for (long size : shape) {
      numel *= size;
    }
    long[] index = new long[rank];
    long from = 0;
    long to = 0;
    for (long i = 0; i < numel; i++) {
      MemorySegment.copy(source, from * elementSize, target, to * elementSize, elementSize);
      for (int d = rank - 1; d >= 0; d--) {
        from += sourceStrides[d];
        to += targetStrides[d];
        if (++index[d] < shape[d]) {
          break;
        }
        from -= sourceStrides[d] * shape[d];
        to -= targetStrides[d] * shape[d];
        index[d] = 0;
      }
    }
  }

  private static double unsignedToDouble(long bits) {
    double halved = (double) (bits >>> 1);
    return bits >= 0 ? bits : halved * 2 + (bits & 1);
  }

  private static InvalidInputException unreadable(DType dtype) {
    return new InvalidInputException("Tensor", "dtype", "a type of numbers or bools", dtype + "");
  }
}
