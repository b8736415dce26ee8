package dev.sconce.runtime.internal.operator.element;

import dev.sconce.base.BFloat16;
import dev.sconce.base.DType;
import dev.sconce.base.HalfFloat;
import dev.sconce.runtime.internal.operator.UnsupportedCall;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The elements of a tensor in memory, readable and writable as numbers of any kind whatever their
 * type is.
 *
 * <p>Indices count elements from the start of memory. The memory ends where the tensor ends, so
 * that no index reaches beyond it. Conversions are those of C++ on common hardware: a float becomes
 * an integer by way of 64 bits, where NaN and what does not fit give the smallest integer.
 */
public abstract sealed class Elements {

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  final MemorySegment memory;

  private Elements(MemorySegment memory) {
    this.memory = memory;
  }

  /** Returns the elements of a tensor as it lies in memory now. */
  public static Elements of(TensorSlot tensor) {
    return of(tensor.dtype(), memoryOf(tensor));
  }

  /** Returns exactly the memory that a tensor takes now. */
  public static MemorySegment memoryOf(TensorSlot tensor) {
    return tensor.numel() == 0 ? MemorySegment.NULL : tensor.data().asSlice(0, tensor.nbytes());
  }

  /**
   * Returns the elements in memory.
   *
   * @throws UnsupportedCall if there is no arithmetic on the type
   */
  public static Elements of(DType type, MemorySegment memory) {
    return switch (type) {
      case BOOL -> new Bool(memory);
      case UINT8, BITS8 -> new UInt8(memory);
      case INT8 -> new Int8(memory);
      case UINT16, BITS16 -> new UInt16(memory);
      case INT16 -> new Int16(memory);
      case UINT32 -> new UInt32(memory);
      case INT32 -> new Int32(memory);
      case INT64 -> new Int64(memory);
      case FLOAT16 -> new Half(memory);
      case BFLOAT16 -> new BFloat(memory);
      case FLOAT32 -> new Single(memory);
      case FLOAT64 -> new Real(memory);
      case UINT64,
          COMPLEX32,
          COMPLEX64,
          COMPLEX128,
          QINT8,
          QUINT8,
          QINT32,
          QUINT4X2,
          QUINT2X4,
          BITS1X8,
          BITS2X4,
          BITS4X2,
          FLOAT8_E5M2,
          FLOAT8_E4M3FN,
          FLOAT8_E5M2FNUZ,
          FLOAT8_E4M3FNUZ ->
          throw new UnsupportedCall("arithmetic on dtype " + type);
    };
  }

  /** Returns whether there is arithmetic on an element type. */
  public static boolean supports(DType type) {
    return switch (type) {
      case BOOL,
          UINT8,
          BITS8,
          INT8,
          UINT16,
          BITS16,
          INT16,
          UINT32,
          INT32,
          INT64,
          FLOAT16,
          BFLOAT16,
          FLOAT32,
          FLOAT64 ->
          true;
      case UINT64,
          COMPLEX32,
          COMPLEX64,
          COMPLEX128,
          QINT8,
          QUINT8,
          QINT32,
          QUINT4X2,
          QUINT2X4,
          BITS1X8,
          BITS2X4,
          BITS4X2,
          FLOAT8_E5M2,
          FLOAT8_E4M3FN,
          FLOAT8_E5M2FNUZ,
          FLOAT8_E4M3FNUZ ->
          false;
    };
  }

  /** Returns the memory. */
  public final MemorySegment memory() {
    return memory;
  }

  /** Returns an element as an integer; fractions are cut. */
  public abstract long getLong(long index);

  /** Returns an element as a float. */
  public abstract float getFloat(long index);

  /** Returns an element as a double. */
  public abstract double getDouble(long index);

  /** Stores an integer; types that are too narrow keep its low bits. */
  public abstract void setLong(long index, long value);

  /** Stores a float. */
  public abstract void setFloat(long index, float value);

  /** Stores a double. */
  public abstract void setDouble(long index, double value);

  /** Returns an element as the given arithmetic sees it, exactly unless it is rounded to float. */
  public final double get(Arithmetic arithmetic, long index) {
    return arithmetic == Arithmetic.SINGLE ? getFloat(index) : getDouble(index);
  }

  /** Stores a result of the given arithmetic. */
  public final void set(Arithmetic arithmetic, long index, double value) {
    if (arithmetic == Arithmetic.SINGLE) {
      setFloat(index, (float) value);
    } else {
      setDouble(index, value);
    }
  }

  /** Converts as C++ does on common hardware. */
  static long toLong(double value) {
    // 2^63 is the first double that does not fit.
    return value >= -0x1p63 && value < 0x1p63 ? (long) value : Long.MIN_VALUE;
  }

  /** What all integer types share. */
  private abstract static sealed class Integers extends Elements {
    Integers(MemorySegment memory) {
      super(memory);
    }

    @Override
    public final float getFloat(long index) {
      return (float) getLong(index);
    }

    @Override
    public final double getDouble(long index) {
      return (double) getLong(index);
    }

    @Override
    public final void setFloat(long index, float value) {
      setDouble(index, value);
    }

    @Override
    public void setDouble(long index, double value) {
      setLong(index, toLong(value));
    }
  }

  private static final class Bool extends Integers {
    Bool(MemorySegment memory) {
      super(memory);
    }

    @Override
    public long getLong(long index) {
      return memory.get(BYTE, index) != 0 ? 1 : 0;
    }

    @Override
    public void setLong(long index, long value) {
      memory.set(BYTE, index, (byte) (value != 0 ? 1 : 0));
    }

    @Override
    public void setDouble(long index, double value) {
      // Not by way of an integer: 0.5 and NaN are true.
      setLong(index, value != 0 ? 1 : 0);
    }
  }

  private static final class UInt8 extends Integers {
    UInt8(MemorySegment memory) {
      super(memory);
    }

    @Override
    public long getLong(long index) {
      return Byte.toUnsignedInt(memory.get(BYTE, index));
    }

    @Override
    public void setLong(long index, long value) {
      memory.set(BYTE, index, (byte) value);
    }
  }

  private static final class Int8 extends Integers {
    Int8(MemorySegment memory) {
      super(memory);
    }

    @Override
    public long getLong(long index) {
      return memory.get(BYTE, index);
    }

    @Override
    public void setLong(long index, long value) {
      memory.set(BYTE, index, (byte) value);
    }
  }

  private static final class UInt16 extends Integers {
    UInt16(MemorySegment memory) {
      super(memory);
    }

    @Override
    public long getLong(long index) {
      return Short.toUnsignedInt(memory.get(SHORT, index << 1));
    }

    @Override
    public void setLong(long index, long value) {
      memory.set(SHORT, index << 1, (short) value);
    }
  }

  private static final class Int16 extends Integers {
    Int16(MemorySegment memory) {
      super(memory);
    }

    @Override
    public long getLong(long index) {
      return memory.get(SHORT, index << 1);
    }

    @Override
    public void setLong(long index, long value) {
      memory.set(SHORT, index << 1, (short) value);
    }
  }

  private static final class UInt32 extends Integers {
    UInt32(MemorySegment memory) {
      super(memory);
    }

    @Override
    public long getLong(long index) {
      return Integer.toUnsignedLong(memory.get(INT, index << 2));
    }

    @Override
    public void setLong(long index, long value) {
      memory.set(INT, index << 2, (int) value);
    }
  }

  private static final class Int32 extends Integers {
    Int32(MemorySegment memory) {
      super(memory);
    }

    @Override
    public long getLong(long index) {
      return memory.get(INT, index << 2);
    }

    @Override
    public void setLong(long index, long value) {
      memory.set(INT, index << 2, (int) value);
    }
  }

  private static final class Int64 extends Integers {
    Int64(MemorySegment memory) {
      super(memory);
    }

    @Override
    public long getLong(long index) {
      return memory.get(LONG, index << 3);
    }

    @Override
    public void setLong(long index, long value) {
      memory.set(LONG, index << 3, value);
    }
  }

  private static final class Half extends Elements {
    Half(MemorySegment memory) {
      super(memory);
    }

    @Override
    public float getFloat(long index) {
      return HalfFloat.toFloat(memory.get(SHORT, index << 1));
    }

    @Override
    public double getDouble(long index) {
      return getFloat(index);
    }

    @Override
    public long getLong(long index) {
      return toLong(getFloat(index));
    }

    @Override
    public void setFloat(long index, float value) {
      memory.set(SHORT, index << 1, HalfFloat.fromFloat(value));
    }

    @Override
    public void setDouble(long index, double value) {
      setFloat(index, (float) value);
    }

    @Override
    public void setLong(long index, long value) {
      setFloat(index, (float) value);
    }
  }

  private static final class BFloat extends Elements {
    BFloat(MemorySegment memory) {
      super(memory);
    }

    @Override
    public float getFloat(long index) {
      return BFloat16.toFloat(memory.get(SHORT, index << 1));
    }

    @Override
    public double getDouble(long index) {
      return getFloat(index);
    }

    @Override
    public long getLong(long index) {
      return toLong(getFloat(index));
    }

    @Override
    public void setFloat(long index, float value) {
      memory.set(SHORT, index << 1, BFloat16.fromFloat(value));
    }

    @Override
    public void setDouble(long index, double value) {
      setFloat(index, (float) value);
    }

    @Override
    public void setLong(long index, long value) {
      setFloat(index, (float) value);
    }
  }

  private static final class Single extends Elements {
    Single(MemorySegment memory) {
      super(memory);
    }

    @Override
    public float getFloat(long index) {
      return memory.get(FLOAT, index << 2);
    }

    @Override
    public double getDouble(long index) {
      return getFloat(index);
    }

    @Override
    public long getLong(long index) {
      return toLong(getFloat(index));
    }

    @Override
    public void setFloat(long index, float value) {
      memory.set(FLOAT, index << 2, value);
    }

    @Override
    public void setDouble(long index, double value) {
      setFloat(index, (float) value);
    }

    @Override
    public void setLong(long index, long value) {
      setFloat(index, (float) value);
    }
  }

  private static final class Real extends Elements {
    Real(MemorySegment memory) {
      super(memory);
    }

    @Override
    public float getFloat(long index) {
      return (float) getDouble(index);
    }

    @Override
    public double getDouble(long index) {
      return memory.get(DOUBLE, index << 3);
    }

    @Override
    public long getLong(long index) {
      return toLong(getDouble(index));
    }

    @Override
    public void setFloat(long index, float value) {
      setDouble(index, value);
    }

    @Override
    public void setDouble(long index, double value) {
      memory.set(DOUBLE, index << 3, value);
    }

    @Override
    public void setLong(long index, long value) {
      setDouble(index, (double) value);
    }
  }
}
