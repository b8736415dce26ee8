package dev.sconce.format.xnnpack;

import java.util.Optional;

/** The types of values, with the numbers they have in blobs (those of xnnpack.h are different). */
public enum XnnDatatype {
  /** IEEE 754 binary32. */
  FP32(1, 32),
  /** IEEE 754 binary16. */
  FP16(2, 16),
  /** Signed 8-bit integers with one scale and zero point. */
  QINT8(3, 8),
  /** Unsigned 8-bit integers with one scale and zero point. */
  QUINT8(4, 8),
  /** Signed 32-bit integers with one scale: biases. */
  QINT32(5, 32),
  /** Signed 8-bit integers with a scale a channel. */
  QCINT8(6, 8),
  /** Signed 32-bit integers with a scale a channel: biases. */
  QCINT32(7, 32),
  /** 4-bit integers with a scale a channel, two a byte, the first in the low half. */
  QCINT4(8, 4),
  /** Signed 8-bit integers with scale and zero point a row, found at run time. */
  QDINT8(9, 8),
  /** 4-bit integers with a scale a group of a row, two a byte, the first in the low half. */
  QBINT4(10, 4),
  /** As {@link #QDINT8}, packed for a matrix kernel; never a constant. */
  QPINT8(11, 8),
  /** Signed 32-bit integers. */
  INT32(12, 32),
  /** As {@link #FP32}, packed for a matrix kernel; never a constant. */
  PFP32(13, 32),
  /** The upper half of a binary32. */
  BF16(14, 16);

  private final int code;
  private final int bits;

  XnnDatatype(int code, int bits) {
    this.code = code;
    this.bits = bits;
  }

  /** Returns the type of a number. */
  public static Optional<XnnDatatype> ofCode(int code) {
    // Codes are dense from 1 and the constants are declared in their order.
    return code >= 1 && code <= values().length
        ? Optional.of(values()[code - 1])
        : Optional.empty();
  }

  /** Returns the number in blobs. */
  public int code() {
    return code;
  }

  /** Returns the size of one element in bits. */
  public int bits() {
    return bits;
  }
}
