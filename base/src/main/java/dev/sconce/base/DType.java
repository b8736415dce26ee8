package dev.sconce.base;

import java.util.Optional;

/**
 * The element types of ExecuTorch and PyTorch, with their codes and sizes.
 *
 * <p>The schema ({@code scalar_type.fbs}) leaves out the complex types and some of the bits types,
 * but reserves their codes. They are listed because every code that is read must be nameable in a
 * message.
 */
public enum DType {
  /** Unsigned 8-bit integer. */
  UINT8(0, 8, Kind.INTEGER, "Byte", "uint8"),
  /** Signed 8-bit integer. */
  INT8(1, 8, Kind.INTEGER, "Char", "int8"),
  /** Signed 16-bit integer. */
  INT16(2, 16, Kind.INTEGER, "Short", "int16"),
  /** Signed 32-bit integer. */
  INT32(3, 32, Kind.INTEGER, "Int", "int32"),
  /** Signed 64-bit integer. */
  INT64(4, 64, Kind.INTEGER, "Long", "int64"),
  /** IEEE 754 binary16. */
  FLOAT16(5, 16, Kind.FLOAT, "Half", "float16"),
  /** IEEE 754 binary32. */
  FLOAT32(6, 32, Kind.FLOAT, "Float", "float32"),
  /** IEEE 754 binary64. */
  FLOAT64(7, 64, Kind.FLOAT, "Double", "float64"),
  /** Two halves. */
  COMPLEX32(8, 32, Kind.COMPLEX, "ComplexHalf", "complex32"),
  /** Two floats. */
  COMPLEX64(9, 64, Kind.COMPLEX, "ComplexFloat", "complex64"),
  /** Two doubles. */
  COMPLEX128(10, 128, Kind.COMPLEX, "ComplexDouble", "complex128"),
  /** One byte, 0 or 1. */
  BOOL(11, 8, Kind.BOOL, "Bool", "bool"),
  /** Quantized signed 8-bit integer. */
  QINT8(12, 8, Kind.QUANTIZED, "QInt8", "qint8"),
  /** Quantized unsigned 8-bit integer. */
  QUINT8(13, 8, Kind.QUANTIZED, "QUInt8", "quint8"),
  /** Quantized signed 32-bit integer. */
  QINT32(14, 32, Kind.QUANTIZED, "QInt32", "qint32"),
  /** The upper half of a binary32. */
  BFLOAT16(15, 16, Kind.FLOAT, "BFloat16", "bfloat16"),
  /** Two quantized 4-bit integers a byte. */
  QUINT4X2(16, 4, Kind.QUANTIZED, "QUInt4x2", "quint4x2"),
  /** Four quantized 2-bit integers a byte. */
  QUINT2X4(17, 2, Kind.QUANTIZED, "QUInt2x4", "quint2x4"),
  /** Opaque bits, eight elements a byte. */
  BITS1X8(18, 1, Kind.BITS, "Bits1x8", "bits1x8"),
  /** Opaque bits, four elements a byte. */
  BITS2X4(19, 2, Kind.BITS, "Bits2x4", "bits2x4"),
  /** Opaque bits, two elements a byte. */
  BITS4X2(20, 4, Kind.BITS, "Bits4x2", "bits4x2"),
  /** Eight opaque bits. */
  BITS8(21, 8, Kind.BITS, "Bits8", "bits8"),
  /** Sixteen opaque bits. */
  BITS16(22, 16, Kind.BITS, "Bits16", "bits16"),
  /** 8-bit float with 5 exponent bits. */
  FLOAT8_E5M2(23, 8, Kind.FLOAT8, "Float8_e5m2", "float8_e5m2"),
  /** 8-bit float with 4 exponent bits, without infinities. */
  FLOAT8_E4M3FN(24, 8, Kind.FLOAT8, "Float8_e4m3fn", "float8_e4m3fn"),
  /** 8-bit float with 5 exponent bits and one zero. */
  FLOAT8_E5M2FNUZ(25, 8, Kind.FLOAT8, "Float8_e5m2fnuz", "float8_e5m2fnuz"),
  /** 8-bit float with 4 exponent bits and one zero. */
  FLOAT8_E4M3FNUZ(26, 8, Kind.FLOAT8, "Float8_e4m3fnuz", "float8_e4m3fnuz"),
  /** Unsigned 16-bit integer. */
  UINT16(27, 16, Kind.INTEGER, "UInt16", "uint16"),
  /** Unsigned 32-bit integer. */
  UINT32(28, 32, Kind.INTEGER, "UInt32", "uint32"),
  /** Unsigned 64-bit integer. */
  UINT64(29, 64, Kind.INTEGER, "UInt64", "uint64");

  private enum Kind {
    INTEGER,
    FLOAT,
    FLOAT8,
    COMPLEX,
    BOOL,
    QUANTIZED,
    BITS
  }

  private static final DType[] BY_CODE = values();

  private final int code;
  private final int bits;
  private final Kind kind;
  private final String scalarTypeName;
  private final String torchName;

  DType(int code, int bits, Kind kind, String scalarTypeName, String torchName) {
    this.code = code;
    this.bits = bits;
    this.kind = kind;
    this.scalarTypeName = scalarTypeName;
    this.torchName = torchName;
  }

  /**
   * Returns the type with the given code.
   *
   * @param code a ScalarType code of the schema
   */
  public static Optional<DType> ofCode(int code) {
    // Codes are dense and the constants are declared in their order.
    return code >= 0 && code < BY_CODE.length ? Optional.of(BY_CODE[code]) : Optional.empty();
  }

  /** Returns the ScalarType code of the schema. */
  public int code() {
    return code;
  }

  /** Returns the size of one element in bits. */
  public int bits() {
    return bits;
  }

  /**
   * Returns the size of one element in bytes.
   *
   * @throws IllegalStateException for the types that pack several elements into a byte
   */
  public int size() {
    if (bits < Byte.SIZE) {
      throw new IllegalStateException(
          torchName + " packs several elements into a byte: ask for byteSize(count)");
    }
    return bits / Byte.SIZE;
  }

  /**
   * Returns how many bytes {@code count} elements take; packed types round up to a byte.
   *
   * @throws ArithmeticException if the result does not fit a long
   */
  public long byteSize(long count) {
    return bits >= Byte.SIZE
        ? Math.multiplyExact(count, (long) (bits / Byte.SIZE))
        : Math.ceilDiv(Math.multiplyExact(count, (long) bits), (long) Byte.SIZE);
  }

  /** Returns the name of the C++ {@code ScalarType}, for example {@code Float}. */
  public String scalarTypeName() {
    return scalarTypeName;
  }

  /** Returns the name in PyTorch, for example {@code float32}. */
  public String torchName() {
    return torchName;
  }

  /** Returns whether this is one of the half, bfloat16, float and double types. */
  public boolean isFloating() {
    return kind == Kind.FLOAT;
  }

  /** Returns whether this is a signed or unsigned integer; bool is none. */
  public boolean isInteger() {
    return kind == Kind.INTEGER;
  }

  @Override
  public String toString() {
    return torchName;
  }
}
