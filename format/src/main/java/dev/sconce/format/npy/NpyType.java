package dev.sconce.format.npy;

import dev.sconce.base.DType;
import java.util.Optional;

/** The element types that npy files and ExecuTorch share, with NumPy's letters for them. */
enum NpyType {
  BOOL('b', DType.BOOL),
  INT8('i', DType.INT8),
  INT16('i', DType.INT16),
  INT32('i', DType.INT32),
  INT64('i', DType.INT64),
  UINT8('u', DType.UINT8),
  UINT16('u', DType.UINT16),
  UINT32('u', DType.UINT32),
  UINT64('u', DType.UINT64),
  FLOAT16('f', DType.FLOAT16),
  FLOAT32('f', DType.FLOAT32),
  FLOAT64('f', DType.FLOAT64),
  COMPLEX64('c', DType.COMPLEX64),
  COMPLEX128('c', DType.COMPLEX128);

  private final char kind;
  private final DType dtype;

  NpyType(char kind, DType dtype) {
    this.kind = kind;
    this.dtype = dtype;
  }

  static Optional<NpyType> of(DType dtype) {
    for (NpyType type : values()) {
      if (type.dtype == dtype) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Returns the type that a descriptor without its byte order names, for example {@code f4}. */
  static Optional<NpyType> ofName(String name) {
    for (NpyType type : values()) {
      if (type.unordered().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  DType dtype() {
    return dtype;
  }

  /** Returns the descriptor of little-endian elements, as NumPy spells it. */
  String descriptor() {
    return (dtype.size() == 1 ? "|" : "<") + unordered();
  }

  private String unordered() {
    return "" + kind + dtype.size();
  }
}
