package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.internal.vector.VectorElementwise.load;
import static dev.sconce.kernels.internal.vector.VectorElementwise.store;
import static jdk.incubator.vector.VectorOperators.EXP;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.sconce.kernels.internal.ErrorFunction;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Loops of activation functions over whole vectors; {@code end} is in bytes and is returned. */
final class VectorActivations {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();

  // gelu(x) = x · sigmoid(2·√(2/π)·(x + 0.044715·x³))
  private static final float GELU_ONE = (float) (2 * Math.sqrt(2 / Math.PI));
  private static final float GELU_CUBE = (float) (2 * Math.sqrt(2 / Math.PI) * 0.044715);
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

  private VectorActivations() {}

  private static FloatVector sigmoidOf(FloatVector v) {
    FloatVector one = FloatVector.broadcast(F, 1f);
    return one.div(v.neg().lanewise(EXP).add(one));
  }

  /** x · Φ(x) = x/2 · erfc(-x/√2), which keeps its digits where Φ is small. */
  static long gelu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      FloatVector v = load(x, xOffset + i);
      FloatVector z = v.mul(SQRT_HALF);
      FloatVector magnitude = z.abs();
      FloatVector center = FloatVector.broadcast(F, 1f).add(z.mul(polynomialP(z.mul(z))));
      FloatVector tail = tail(magnitude);
      FloatVector outer = FloatVector.broadcast(F, 2f).sub(tail).blend(tail, z.compare(LT, 0f));
      store(v.mul(0.5f).mul(center.blend(outer, magnitude.compare(GT, 1f))), y, yOffset + i);
    }
    return end;
  }

  /** erfc(z) for z ≥ 1, see {@link ErrorFunction}. */
  private static FloatVector tail(FloatVector z) {
    FloatVector t = FloatVector.broadcast(F, 1f).div(z.mul(0.5f).add(1f));
    return polynomialQ(t).mul(z.mul(z).neg().lanewise(EXP));
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

  static long sigmoid(MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(sigmoidOf(load(x, xOffset + i)), y, yOffset + i);
    }
    return end;
  }

  static long silu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      FloatVector v = load(x, xOffset + i);
      store(v.mul(sigmoidOf(v)), y, yOffset + i);
    }
    return end;
  }

  static long geluTanh(MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      FloatVector v = load(x, xOffset + i);
      store(v.mul(sigmoidOf(v.mul(v).mul(GELU_CUBE).add(GELU_ONE).mul(v))), y, yOffset + i);
    }
    return end;
  }

  static long relu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(x, xOffset + i).max(0f), y, yOffset + i);
    }
    return end;
  }

  static long clamp(
      float p, float q, MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(x, xOffset + i).max(p).min(q), y, yOffset + i);
    }
    return end;
  }

  static long hardSwish(MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      FloatVector v = load(x, xOffset + i);
      store(v.mul(v.add(3f).max(0f).min(6f).div(6f)), y, yOffset + i);
    }
    return end;
  }

  static long hardSigmoid(MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(x, xOffset + i).add(3f).max(0f).min(6f).div(6f), y, yOffset + i);
    }
    return end;
  }

  static long leakyRelu(
      float p, MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      FloatVector v = load(x, xOffset + i);
      store(v.mul(p).blend(v, v.compare(GE, 0f)), y, yOffset + i);
    }
    return end;
  }

  static long erf(MemorySegment x, long xOffset, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      FloatVector v = load(x, xOffset + i);
      FloatVector magnitude = v.abs();
      FloatVector small = v.mul(polynomialP(v.mul(v)));
      FloatVector one = FloatVector.broadcast(F, 1f);
      FloatVector tail = one.sub(tail(magnitude));
      FloatVector large = tail.blend(tail.neg(), v.compare(LT, 0f));
      store(small.blend(large, magnitude.compare(GT, 1f)), y, yOffset + i);
    }
    return end;
  }
}
