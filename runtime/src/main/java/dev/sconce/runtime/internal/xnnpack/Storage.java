package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.base.DType;
import dev.sconce.format.xnnpack.XnnDatatype;

/** How the elements of a planned value lie in memory. */
enum Storage {
  /** float32; also what float16 and bfloat16 values are computed in. */
  FLOAT32(DType.FLOAT32),
  /** float16: arguments of the call only. */
  FLOAT16(DType.FLOAT16),
  /** bfloat16: arguments of the call only. */
  BFLOAT16(DType.BFLOAT16),
  /** int8 with one scale and zero point. */
  INT8(DType.INT8),
  /** uint8 with one scale and zero point. */
  UINT8(DType.UINT8),
  /** int32. */
  INT32(DType.INT32),
  /** int8 rows, each with scale and zero point: {@link dev.sconce.kernels.QuantizedRows}. */
  QUANTIZED_ROWS(DType.QINT8);

  private final DType dtype;

  Storage(DType dtype) {
    this.dtype = dtype;
  }

  /** Returns the type of tensors of the call that are stored so. */
  DType dtype() {
    return dtype;
  }

  int bytes() {
    return dtype.bits() / Byte.SIZE;
  }

  /** Returns how a value of a type is stored where it crosses the border of the graph. */
  static Storage outside(XnnDatatype datatype) {
    return switch (datatype) {
      case FP32, PFP32 -> FLOAT32;
      case FP16 -> FLOAT16;
      case BF16 -> BFLOAT16;
      case QINT8, QCINT8, QCINT4, QBINT4 -> INT8;
      case QUINT8 -> UINT8;
      case QINT32, QCINT32, INT32 -> INT32;
      case QDINT8, QPINT8 -> QUANTIZED_ROWS;
    };
  }

  /** Returns how a value of a type is stored between nodes. */
  static Storage inside(XnnDatatype datatype) {
    Storage storage = outside(datatype);
    return storage == FLOAT16 || storage == BFLOAT16 ? FLOAT32 : storage;
  }
}
