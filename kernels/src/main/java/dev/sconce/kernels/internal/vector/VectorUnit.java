package dev.sconce.kernels.internal.vector;

import dev.sconce.kernels.KernelSupport;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The species of this process, chosen once.
 *
 * <p>Kernels copy what they need to {@code static final} fields of their own: the compiler turns
 * vector operations into instructions only where the species is a constant.
 */
public final class VectorUnit {

  static final VectorShape SHAPE = shape();
  static final VectorShape HALF_SHAPE =
      VectorShape.forBitSize(Math.max(64, SHAPE.vectorBitSize() / 2));

  static final VectorSpecies<Float> FLOAT = VectorSpecies.of(float.class, SHAPE);
  static final VectorSpecies<Double> DOUBLE = VectorSpecies.of(double.class, SHAPE);
  static final VectorSpecies<Float> FLOAT_HALF = VectorSpecies.of(float.class, HALF_SHAPE);
  static final VectorSpecies<Integer> INT = VectorSpecies.of(int.class, SHAPE);
  static final VectorSpecies<Short> SHORT = VectorSpecies.of(short.class, SHAPE);
  static final VectorSpecies<Short> SHORT_HALF = VectorSpecies.of(short.class, HALF_SHAPE);
  static final VectorSpecies<Byte> BYTE_QUARTER =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, SHAPE.vectorBitSize() / 4)));
  static final VectorSpecies<Byte> BYTE_HALF = VectorSpecies.of(byte.class, HALF_SHAPE);

  private VectorUnit() {}

  /** Returns the widest vectors that the processor handles well, in bits. */
  public static int preferredBits() {
    return VectorShape.preferredShape().vectorBitSize();
  }

  private static VectorShape shape() {
    return VectorShape.forBitSize(Math.max(128, KernelSupport.detect().vectorBits()));
  }
}
