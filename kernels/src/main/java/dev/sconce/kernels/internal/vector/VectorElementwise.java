package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.internal.Memory.offHeap;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.sconce.kernels.BinaryFunction;
import dev.sconce.kernels.UnaryFunction;
import dev.sconce.kernels.internal.ElementwiseKernel;
import dev.sconce.kernels.internal.scalar.ScalarElementwise;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementwise functions, a vector at a time; the tail and what has no vector form go to the scalar
 * kernel.
 *
 * <p>Every function has a loop of its own: a function passed into a shared loop would not be
 * inlined and box its vectors.
 */
final class VectorElementwise implements ElementwiseKernel {

  static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  static final int LANES = F.length();

  private final ScalarElementwise scalar = new ScalarElementwise();

  @Override
  public void unary(
      UnaryFunction function,
      float p,
      float q,
      MemorySegment x,
      long xOffset,
      MemorySegment y,
      long yOffset,
      long count) {
    long end = 4 * (count - count % LANES);
    long done =
        switch (function) {
          case ABS -> abs(x, xOffset, y, yOffset, end);
          case NEGATE -> negate(x, xOffset, y, yOffset, end);
          case SQUARE -> square(x, xOffset, y, yOffset, end);
          case SQUARE_ROOT -> squareRoot(x, xOffset, y, yOffset, end);
          case RECIPROCAL_SQUARE_ROOT -> reciprocalSquareRoot(x, xOffset, y, yOffset, end);
          case RECIPROCAL -> reciprocal(x, xOffset, y, yOffset, end);
          case AFFINE -> affine(p, q, x, xOffset, y, yOffset, end);
          case EXP -> VectorTails.exp(x, xOffset, y, yOffset, end);
          case TANH -> VectorTails.tanh(x, xOffset, y, yOffset, end);
          case SIGMOID -> VectorActivations.sigmoid(x, xOffset, y, yOffset, end);
          case SILU -> VectorActivations.silu(x, xOffset, y, yOffset, end);
          case GELU -> VectorTails.gelu(x, xOffset, y, yOffset, end);
          case GELU_TANH -> VectorActivations.geluTanh(x, xOffset, y, yOffset, end);
          case ERF -> VectorTails.erf(x, xOffset, y, yOffset, end);
          case RELU -> VectorActivations.relu(x, xOffset, y, yOffset, end);
          case CLAMP -> VectorActivations.clamp(p, q, x, xOffset, y, yOffset, end);
          case HARD_SWISH -> VectorActivations.hardSwish(x, xOffset, y, yOffset, end);
          case HARD_SIGMOID -> VectorActivations.hardSigmoid(x, xOffset, y, yOffset, end);
          case LEAKY_RELU -> VectorActivations.leakyRelu(p, x, xOffset, y, yOffset, end);
          case COPY -> {
            MemorySegment.copy(x, xOffset, y, yOffset, end);
            yield end;
          }
          // Functions of vectors would give other bits once they are compiled, see VectorMath.
          case LOG, SIN, COS -> 0;
          // expm1 loses too much as exp - 1; rounding is rare.
          case ELU, FLOOR, CEIL, ROUND, TRUNCATE -> 0;
        };
    scalar.unary(function, p, q, x, xOffset + done, y, yOffset + done, count - done / 4);
  }

  static FloatVector load(MemorySegment memory, long offset) {
    return FloatVector.fromMemorySegment(F, offHeap(memory), offset, LITTLE_ENDIAN);
  }

  static void store(FloatVector value, MemorySegment memory, long offset) {
    value.intoMemorySegment(offHeap(memory), offset, LITTLE_ENDIAN);
  }

  private static long abs(MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(x, xOffset + i).abs(), y, yOffset + i);
    }
    return end;
  }

  private static long negate(
      MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(x, xOffset + i).neg(), y, yOffset + i);
    }
    return end;
  }

  private static long square(
      MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      FloatVector v = load(x, xOffset + i);
      store(v.mul(v), y, yOffset + i);
    }
    return end;
  }

  private static long squareRoot(
      MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(x, xOffset + i).sqrt(), y, yOffset + i);
    }
    return end;
  }

  private static long reciprocalSquareRoot(
      MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(FloatVector.broadcast(F, 1f).div(load(x, xOffset + i).sqrt()), y, yOffset + i);
    }
    return end;
  }

  private static long reciprocal(
      MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(FloatVector.broadcast(F, 1f).div(load(x, xOffset + i)), y, yOffset + i);
    }
    return end;
  }

  private static long affine(
      float p, float q, MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(
          load(x, xOffset + i).fma(FloatVector.broadcast(F, p), FloatVector.broadcast(F, q)),
          y,
          yOffset + i);
    }
    return end;
  }

  @Override
  public void binary(
      BinaryFunction function,
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      MemorySegment y,
      long yOffset,
      long count) {
    long end = 4 * (count - count % LANES);
    long done =
        switch (function) {
          case ADD -> VectorBinary.add(a, aOffset, b, bOffset, y, yOffset, end);
          case SUBTRACT -> VectorBinary.subtract(a, aOffset, b, bOffset, y, yOffset, end);
          case MULTIPLY -> VectorBinary.multiply(a, aOffset, b, bOffset, y, yOffset, end);
          case DIVIDE -> VectorBinary.divide(a, aOffset, b, bOffset, y, yOffset, end);
          case MAXIMUM -> VectorBinary.maximum(a, aOffset, b, bOffset, y, yOffset, end);
          case MINIMUM -> VectorBinary.minimum(a, aOffset, b, bOffset, y, yOffset, end);
          case SQUARED_DIFFERENCE ->
              VectorBinary.squaredDifference(a, aOffset, b, bOffset, y, yOffset, end);
          case PRELU -> 0;
        };
    scalar.binary(
        function, a, aOffset + done, b, bOffset + done, y, yOffset + done, count - done / 4);
  }

  @Override
  public void binaryScalar(
      BinaryFunction function,
      MemorySegment a,
      long aOffset,
      float b,
      MemorySegment y,
      long yOffset,
      long count) {
    long end = 4 * (count - count % LANES);
    long done =
        switch (function) {
          case ADD -> affine(1, b, a, aOffset, y, yOffset, end);
          case SUBTRACT -> affine(1, -b, a, aOffset, y, yOffset, end);
          case MULTIPLY -> affine(b, -0f, a, aOffset, y, yOffset, end);
          case DIVIDE -> VectorBinary.divide(a, aOffset, b, y, yOffset, end);
          case MAXIMUM -> VectorBinary.maximum(a, aOffset, b, y, yOffset, end);
          case MINIMUM -> VectorBinary.minimum(a, aOffset, b, y, yOffset, end);
          case SQUARED_DIFFERENCE, PRELU -> 0;
        };
    scalar.binaryScalar(function, a, aOffset + done, b, y, yOffset + done, count - done / 4);
  }

  @Override
  public void scalarBinary(
      BinaryFunction function,
      float a,
      MemorySegment b,
      long bOffset,
      MemorySegment y,
      long yOffset,
      long count) {
    long end = 4 * (count - count % LANES);
    long done =
        switch (function) {
          case ADD -> affine(1, a, b, bOffset, y, yOffset, end);
          case SUBTRACT -> affine(-1, a, b, bOffset, y, yOffset, end);
          case MULTIPLY -> affine(a, -0f, b, bOffset, y, yOffset, end);
          case MAXIMUM -> VectorBinary.maximum(b, bOffset, a, y, yOffset, end);
          case MINIMUM -> VectorBinary.minimum(b, bOffset, a, y, yOffset, end);
          case DIVIDE, SQUARED_DIFFERENCE, PRELU -> 0;
        };
    scalar.scalarBinary(function, a, b, bOffset + done, y, yOffset + done, count - done / 4);
  }
}
