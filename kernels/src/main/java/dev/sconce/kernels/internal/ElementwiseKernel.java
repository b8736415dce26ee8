package dev.sconce.kernels.internal;

import dev.sconce.kernels.BinaryFunction;
import dev.sconce.kernels.UnaryFunction;
import java.lang.foreign.MemorySegment;

/** Elementwise functions of float32 runs; offsets are in bytes, counts in elements. */
public interface ElementwiseKernel {

  /** y[i] = f(x[i]). */
  void unary(
      UnaryFunction function,
      float p,
      float q,
      MemorySegment x,
      long xOffset,
      MemorySegment y,
      long yOffset,
      long count);

  /** y[i] = f(a[i], b[i]). */
  void binary(
      BinaryFunction function,
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      MemorySegment y,
      long yOffset,
      long count);

  /** y[i] = f(a[i], b). */
  void binaryScalar(
      BinaryFunction function,
      MemorySegment a,
      long aOffset,
      float b,
      MemorySegment y,
      long yOffset,
      long count);

  /** y[i] = f(a, b[i]). */
  void scalarBinary(
      BinaryFunction function,
      float a,
      MemorySegment b,
      long bOffset,
      MemorySegment y,
      long yOffset,
      long count);
}
