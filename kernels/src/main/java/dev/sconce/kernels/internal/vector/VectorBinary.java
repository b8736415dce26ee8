package dev.sconce.kernels.internal.vector;

import static dev.sconce.kernels.internal.vector.VectorElementwise.load;
import static dev.sconce.kernels.internal.vector.VectorElementwise.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Loops of binary functions over whole vectors; {@code end} is in bytes and is returned. */
final class VectorBinary {

  private static final VectorSpecies<Float> F = VectorUnit.FLOAT;
  private static final int LANES = F.length();

  private VectorBinary() {}

  static long add(
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      MemorySegment y,
      long yOffset,
      long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(a, aOffset + i).add(load(b, bOffset + i)), y, yOffset + i);
    }
    return end;
  }

  static long subtract(
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      MemorySegment y,
      long yOffset,
      long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(a, aOffset + i).sub(load(b, bOffset + i)), y, yOffset + i);
    }
    return end;
  }

  static long multiply(
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      MemorySegment y,
      long yOffset,
      long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(a, aOffset + i).mul(load(b, bOffset + i)), y, yOffset + i);
    }
    return end;
  }

  static long divide(
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      MemorySegment y,
      long yOffset,
      long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(a, aOffset + i).div(load(b, bOffset + i)), y, yOffset + i);
    }
    return end;
  }

  static long maximum(
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      MemorySegment y,
      long yOffset,
      long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(a, aOffset + i).max(load(b, bOffset + i)), y, yOffset + i);
    }
    return end;
  }

  static long minimum(
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      MemorySegment y,
      long yOffset,
      long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(a, aOffset + i).min(load(b, bOffset + i)), y, yOffset + i);
    }
    return end;
  }

  static long squaredDifference(
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      MemorySegment y,
      long yOffset,
      long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      FloatVector d = load(a, aOffset + i).sub(load(b, bOffset + i));
      store(d.mul(d), y, yOffset + i);
    }
    return end;
  }

  static long divide(
      MemorySegment a, long aOffset, float b, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(a, aOffset + i).div(b), y, yOffset + i);
    }
    return end;
  }

  static long maximum(
      MemorySegment a, long aOffset, float b, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(a, aOffset + i).max(b), y, yOffset + i);
    }
    return end;
  }

  static long minimum(
      MemorySegment a, long aOffset, float b, MemorySegment y, long yOffset, long end) {
    for (long i = 0; i < end; i += 4L * LANES) {
      store(load(a, aOffset + i).min(b), y, yOffset + i);
    }
    return end;
  }
}
