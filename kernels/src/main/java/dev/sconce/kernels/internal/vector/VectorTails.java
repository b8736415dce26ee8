package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.internal.vector.VectorElementwise.load;
import static dev.sconce.kernels.internal.vector.VectorElementwise.store;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.sconce.kernels.internal.ErrorFunction;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Functions made of a polynomial near zero and an exponential elsewhere; {@code end} is in bytes
 * and is returned.
 *
 * <p>The exponentials of a strip are taken in a loop of their own: one loop for all would be too
 * large to be compiled to vector instructions.
 */
final class VectorTails {

  private static final int STRIP = 512;
  private static final long STRIP_BYTES = 4L * STRIP;

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();

  private static final float SQRT_HALF = (float) Math.sqrt(0.5);

  private static final float P0 = ErrorFunction.p(0);
  private static final float P1 = ErrorFunction.p(1);
  private static final float P2 = ErrorFunction.p(2);
  private static final float P3 = ErrorFunction.p(3);
  private static final float P4 = ErrorFunction.p(4);
  private static final float P5 = ErrorFunction.p(5);
  private static final float P6 = ErrorFunction.p(6);
  private static final float P7 = ErrorFunction.p(7);
  private static final float Q0 = ErrorFunction.q(0);
  private static final float Q1 = ErrorFunction.q(1);
  private static final float Q2 = ErrorFunction.q(2);
  private static final float Q3 = ErrorFunction.q(3);
  private static final float Q4 = ErrorFunction.q(4);
  private static final float Q5 = ErrorFunction.q(5);
  private static final float Q6 = ErrorFunction.q(6);
  private static final float Q7 = ErrorFunction.q(7);
  private static final float Q8 = ErrorFunction.q(8);
  private static final float Q9 = ErrorFunction.q(9);
  private static final float Q10 = ErrorFunction.q(10);

  private VectorTails() {}

  static long exp(MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    float[] e = new float[STRIP];
    for (long from = 0; from < end; from += STRIP_BYTES) {
      long to = Math.min(end, from + STRIP_BYTES);
      for (long i = from; i < to; i += 4L * LANES) {
        VectorMath.scaledExp(load(x, xOffset + i).abs().neg()).intoArray(e, (int) (i - from) / 4);
      }
      for (long i = from; i < to; i += 4L * LANES) {
        FloatVector below = FloatVector.fromArray(F, e, (int) (i - from) / 4);
        FloatVector above = FloatVector.broadcast(F, VectorMath.SCALE).div(below);
        VectorMask<Float> positive = load(x, xOffset + i).compare(GT, 0f);
        store(below.mul(1 / VectorMath.SCALE).blend(above, positive), y, yOffset + i);
      }
    }
    return end;
  }

  /** x · Φ(x) = x/2 · erfc(-x/√2), which keeps its digits where Φ is small. */
  static long gelu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    float[] e = new float[STRIP];
    for (long from = 0; from < end; from += STRIP_BYTES) {
      long to = Math.min(end, from + STRIP_BYTES);
      gaussians(x, xOffset, 0.5f, from, to, e);
      gelu(x, xOffset, e, y, yOffset, from, to);
    }
    return end;
  }

  static long erf(MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    float[] e = new float[STRIP];
    for (long from = 0; from < end; from += STRIP_BYTES) {
      long to = Math.min(end, from + STRIP_BYTES);
      gaussians(x, xOffset, 1f, from, to, e);
      erf(x, xOffset, e, y, yOffset, from, to);
    }
    return end;
  }

  /**
   * Cephes' polynomial near zero, elsewhere (1 - t)/(1 + t) with the sign of x, where t = e^-2|x|.
   */
  static long tanh(MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    float[] e = new float[STRIP];
    for (long from = 0; from < end; from += STRIP_BYTES) {
      long to = Math.min(end, from + STRIP_BYTES);
      for (long i = from; i < to; i += 4L * LANES) {
        VectorMath.expOfNegative(load(x, xOffset + i).abs().mul(-2f))
            .intoArray(e, (int) (i - from) / 4);
      }
      tanh(x, xOffset, e, y, yOffset, from, to);
    }
    return end;
  }

  /** Writes e^(-factor · x²). */
  private static void gaussians(
      MemorySegment x, long xOffset, float factor, long from, long to, float[] e) {
    for (long i = from; i < to; i += 4L * LANES) {
      FloatVector v = load(x, xOffset + i);
      VectorMath.expOfNegative(v.mul(v).mul(-factor)).intoArray(e, (int) (i - from) / 4);
    }
  }

  private static void gelu(
      MemorySegment x, long xOffset, float[] e, MemorySegment y, long yOffset, long from, long to) {
    for (long i = from; i < to; i += 4L * LANES) {
      FloatVector v = load(x, xOffset + i);
      FloatVector z = v.mul(SQRT_HALF);
      FloatVector magnitude = z.abs();
      FloatVector center = FloatVector.broadcast(F, 1f).add(z.mul(polynomialP(z.mul(z))));
      FloatVector tail = tail(magnitude, FloatVector.fromArray(F, e, (int) (i - from) / 4));
      FloatVector outer = FloatVector.broadcast(F, 2f).sub(tail).blend(tail, z.compare(LT, 0f));
      store(v.mul(0.5f).mul(center.blend(outer, magnitude.compare(GT, 1f))), y, yOffset + i);
    }
  }

  private static void erf(
      MemorySegment x, long xOffset, float[] e, MemorySegment y, long yOffset, long from, long to) {
    for (long i = from; i < to; i += 4L * LANES) {
      FloatVector v = load(x, xOffset + i);
      FloatVector magnitude = v.abs();
      FloatVector small = v.mul(polynomialP(v.mul(v)));
      FloatVector one = FloatVector.broadcast(F, 1f);
      FloatVector tail =
          one.sub(tail(magnitude, FloatVector.fromArray(F, e, (int) (i - from) / 4)));
      FloatVector large = tail.blend(tail.neg(), v.compare(LT, 0f));
      store(small.blend(large, magnitude.compare(GT, 1f)), y, yOffset + i);
    }
  }

  private static void tanh(
      MemorySegment x, long xOffset, float[] e, MemorySegment y, long yOffset, long from, long to) {
    for (long i = from; i < to; i += 4L * LANES) {
      FloatVector v = load(x, xOffset + i);
      FloatVector t = FloatVector.fromArray(F, e, (int) (i - from) / 4);
      FloatVector far = FloatVector.broadcast(F, 1f).sub(t).div(t.add(1f));
      FloatVector signed = far.blend(far.neg(), v.compare(LT, 0f));
      store(nearZero(v).blend(signed, v.abs().compare(GT, 0.625f)), y, yOffset + i);
    }
  }

  private static FloatVector nearZero(FloatVector x) {
    FloatVector square = x.mul(x);
    FloatVector sum = FloatVector.broadcast(F, -5.7049887e-3f);
    sum = sum.fma(square, FloatVector.broadcast(F, 2.0639088e-2f));
    sum = sum.fma(square, FloatVector.broadcast(F, -5.3739715e-2f));
    sum = sum.fma(square, FloatVector.broadcast(F, 1.3331442e-1f));
    sum = sum.fma(square, FloatVector.broadcast(F, -3.333328e-1f));
    return sum.mul(square).fma(x, x);
  }

  /** erfc(z) for z ≥ 1, given e^-z², see {@link ErrorFunction}. */
  private static FloatVector tail(FloatVector z, FloatVector e) {
    FloatVector t = FloatVector.broadcast(F, 1f).div(z.mul(0.5f).add(1f));
    return polynomialQ(t).mul(e);
  }

  private static FloatVector polynomialP(FloatVector u) {
    FloatVector sum = FloatVector.broadcast(F, P7);
    sum = sum.fma(u, FloatVector.broadcast(F, P6));
    sum = sum.fma(u, FloatVector.broadcast(F, P5));
    sum = sum.fma(u, FloatVector.broadcast(F, P4));
    sum = sum.fma(u, FloatVector.broadcast(F, P3));
    sum = sum.fma(u, FloatVector.broadcast(F, P2));
    sum = sum.fma(u, FloatVector.broadcast(F, P1));
    sum = sum.fma(u, FloatVector.broadcast(F, P0));
    return sum;
  }

  private static FloatVector polynomialQ(FloatVector t) {
    FloatVector sum = FloatVector.broadcast(F, Q10);
    sum = sum.fma(t, FloatVector.broadcast(F, Q9));
    sum = sum.fma(t, FloatVector.broadcast(F, Q8));
    sum = sum.fma(t, FloatVector.broadcast(F, Q7));
    sum = sum.fma(t, FloatVector.broadcast(F, Q6));
    sum = sum.fma(t, FloatVector.broadcast(F, Q5));
    sum = sum.fma(t, FloatVector.broadcast(F, Q4));
    sum = sum.fma(t, FloatVector.broadcast(F, Q3));
    sum = sum.fma(t, FloatVector.broadcast(F, Q2));
    sum = sum.fma(t, FloatVector.broadcast(F, Q1));
    sum = sum.fma(t, FloatVector.broadcast(F, Q0));
    return sum;
  }
}
