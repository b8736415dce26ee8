package dev.sconce.kernels;

import dev.sconce.base.InvalidInputException;
import dev.sconce.kernels.internal.ElementwiseKernel;
import dev.sconce.kernels.internal.Memory;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Elementwise functions of contiguous float32 tensors.
 *
 * <p>Results may lie where an operand of the same shape lies, but not overlap one otherwise.
 */
public final class Elementwise {

  private static final long GRAIN = 16_384;

  private final ElementwiseKernel kernel;
  private final ComputePool pool;

  Elementwise(ElementwiseKernel kernel, ComputePool pool) {
    this.kernel = kernel;
    this.pool = pool;
  }

  /** y[i] = f(x[i]) for a function without parameters. */
  public void unary(UnaryFunction function, MemorySegment x, MemorySegment y, long count) {
    unary(function, 0, 0, x, y, count);
  }

  /** y[i] = f(x[i]) with the function's parameters p and q. */
  public void unary(
      UnaryFunction function, float p, float q, MemorySegment x, MemorySegment y, long count) {
    MatrixProducts.requireBytes("unary", "x", x, 4 * count);
    MatrixProducts.requireBytes("unary", "y", y, 4 * count);
    pool.run(
        Math.toIntExact(Math.ceilDiv(count, GRAIN)),
        (part, slot) -> {
          long first = part * GRAIN;
          long length = Math.min(GRAIN, count - first);
          kernel.unary(function, p, q, x, 4 * first, y, 4 * first, length);
        });
  }

  /** y[i] = f(a[i], b[i]). */
  public void binary(
      BinaryFunction function, MemorySegment a, MemorySegment b, MemorySegment y, long count) {
    MatrixProducts.requireBytes("binary", "a", a, 4 * count);
    MatrixProducts.requireBytes("binary", "b", b, 4 * count);
    MatrixProducts.requireBytes("binary", "y", y, 4 * count);
    pool.run(
        Math.toIntExact(Math.ceilDiv(count, GRAIN)),
        (part, slot) -> {
          long at = 4 * (part * GRAIN);
          long length = Math.min(GRAIN, count - part * GRAIN);
          kernel.binary(function, a, at, b, at, y, at, length);
        });
  }

  /** y[i] = f(a[i], b). */
  public void binary(
      BinaryFunction function, MemorySegment a, float b, MemorySegment y, long count) {
    MatrixProducts.requireBytes("binary", "a", a, 4 * count);
    MatrixProducts.requireBytes("binary", "y", y, 4 * count);
    pool.run(
        Math.toIntExact(Math.ceilDiv(count, GRAIN)),
        (part, slot) -> {
          long at = 4 * (part * GRAIN);
          long length = Math.min(GRAIN, count - part * GRAIN);
          kernel.binaryScalar(function, a, at, b, y, at, length);
        });
  }

  /**
   * y = f(a, b) with NumPy broadcasting.
   *
   * @param function f
   * @param a the left operand
   * @param aSizes its shape
   * @param b the right operand
   * @param bSizes its shape
   * @param y the result, of the broadcast shape
   */
  public void binary(
      BinaryFunction function,
      MemorySegment a,
      int[] aSizes,
      MemorySegment b,
      int[] bSizes,
      MemorySegment y) {
    BroadcastPlan plan = BroadcastPlan.of(aSizes, bSizes);
    MatrixProducts.requireBytes("binary", "a", a, 4 * BroadcastPlan.count(aSizes));
    MatrixProducts.requireBytes("binary", "b", b, 4 * BroadcastPlan.count(bSizes));
    MatrixProducts.requireBytes("binary", "y", y, 4 * plan.count());
    if (plan.count() == 0) {
      return;
    }
    if (plan.runs() == 1 && plan.aStep() == 1 && plan.bStep() == 1) {
      binary(function, a, b, y, plan.count());
      return;
    }
    long runsPerPart = Math.max(1, GRAIN / plan.runLength());
    pool.run(
        Math.toIntExact(Math.ceilDiv(plan.runs(), runsPerPart)),
        (part, slot) -> {
          long end = Math.min(plan.runs(), (part + 1) * runsPerPart);
          for (long run = part * runsPerPart; run < end; run++) {
            run(function, plan, a, b, y, run);
          }
        });
  }

  private void run(
      BinaryFunction function,
      BroadcastPlan plan,
      MemorySegment a,
      MemorySegment b,
      MemorySegment y,
      long run) {
    long length = plan.runLength();
    long aAt = 4 * plan.aStart(run);
    long bAt = 4 * plan.bStart(run);
    long yAt = 4 * run * length;
    if (plan.bStep() == 0) {
      kernel.binaryScalar(function, a, aAt, Memory.getFloat(b, bAt), y, yAt, length);
    } else if (plan.aStep() == 0) {
      kernel.scalarBinary(function, Memory.getFloat(a, aAt), b, bAt, y, yAt, length);
    } else {
      kernel.binary(function, a, aAt, b, bAt, y, yAt, length);
    }
  }

  static InvalidInputException incompatible(int[] aSizes, int[] bSizes) {
    return new InvalidInputException(
        "binary",
        "sizes",
        "shapes that broadcast",
        Arrays.toString(aSizes) + " and " + Arrays.toString(bSizes));
  }
}
