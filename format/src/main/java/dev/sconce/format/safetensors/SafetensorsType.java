package dev.sconce.format.safetensors;

import dev.sconce.base.DType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The element types of the safetensors format, in the format's order of alignment.
 *
 * <p>The order matters: writers lay tensors out from the last type to the first, so that each type
 * is aligned without padding.
 */
public enum SafetensorsType {
  /** One byte, 0 or 1. */
  BOOL(8, DType.BOOL),
  /** 4-bit float (2 exponent bits, 1 mantissa bit), two a byte. */
  F4(4, null),
  /** 6-bit float with 2 exponent bits. */
  F6_E2M3(6, null),
  /** 6-bit float with 3 exponent bits. */
  F6_E3M2(6, null),
  /** Unsigned 8-bit integer. */
  U8(8, DType.UINT8),
  /** Signed 8-bit integer. */
  I8(8, DType.INT8),
  /** 8-bit float with 5 exponent bits. */
  F8_E5M2(8, DType.FLOAT8_E5M2),
  /** 8-bit float with 4 exponent bits, without infinities. */
  F8_E4M3(8, DType.FLOAT8_E4M3FN),
  /** An exponent alone: a power of two. */
  F8_E8M0(8, null),
  /** 8-bit float with 4 exponent bits and one zero. */
  F8_E4M3FNUZ(8, DType.FLOAT8_E4M3FNUZ),
  /** 8-bit float with 5 exponent bits and one zero. */
  F8_E5M2FNUZ(8, DType.FLOAT8_E5M2FNUZ),
  /** Signed 16-bit integer. */
  I16(16, DType.INT16),
  /** Unsigned 16-bit integer. */
  U16(16, DType.UINT16),
  /** IEEE 754 binary16. */
  F16(16, DType.FLOAT16),
  /** The upper half of a binary32. */
  BF16(16, DType.BFLOAT16),
  /** Signed 32-bit integer. */
  I32(32, DType.INT32),
  /** Unsigned 32-bit integer. */
  U32(32, DType.UINT32),
  /** IEEE 754 binary32. */
  F32(32, DType.FLOAT32),
  /** Two binary32: real and imaginary part. */
  C64(64, DType.COMPLEX64),
  /** IEEE 754 binary64. */
  F64(64, DType.FLOAT64),
  /** Signed 64-bit integer. */
  I64(64, DType.INT64),
  /** Unsigned 64-bit integer. */
  U64(64, DType.UINT64);

  private final int bits;
  private final @Nullable DType dtype;

  SafetensorsType(int bits, @Nullable DType dtype) {
    this.bits = bits;
    this.dtype = dtype;
  }

  /** Returns the type that a header names, such as {@code BF16}. */
  public static Optional<SafetensorsType> ofName(String name) {
    for (SafetensorsType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Returns the type in which elements of {@code dtype} are stored, if the format has one. */
  public static Optional<SafetensorsType> of(DType dtype) {
    for (SafetensorsType type : values()) {
      if (type.dtype == dtype) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Returns the size of one element in bits. */
  public int bits() {
    return bits;
  }

  /** Returns the same type among those of ExecuTorch; empty for F4, F6 and F8_E8M0. */
  public Optional<DType> dtype() {
    return Optional.ofNullable(dtype);
  }
}
