package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.internal.vector.VectorElementwise.load;
import static dev.sconce.kernels.internal.vector.VectorElementwise.store;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LT;

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

  private VectorActivations() {}

  private static FloatVector sigmoidOf(FloatVector v) {
    FloatVector one = FloatVector.broadcast(F, 1f);
    FloatVector e = VectorMath.expOfNegative(v.abs().neg());
    return one.blend(e, v.compare(LT, 0f)).div(e.add(one));
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
}
