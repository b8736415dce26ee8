package dev.sconce.generate;

/**
 * L'Ecuyer's combined generator: the random numbers of the embedded generation program, so that
 * host and program draw the same tokens from the same seed.
 *
 * <pre>
 *   s  = seed mod 2^31
 *   x1 = 1 + (s + r)         mod 2147483562      r the row
 *   x2 = 1 + (s + 69621 * r) mod 2147483398
 *   per number:
 *   x1 = 40014 * x1 mod 2147483563
 *   x2 = 40692 * x2 mod 2147483399
 *   z  = (x1 - x2 + 2147483562) mod 2147483562
 *   u  = (z div 128) / 2^24
 * </pre>
 */
public final class CombinedGenerator {

  private static final long FIRST_MODULUS = 2147483563L;
  private static final long SECOND_MODULUS = 2147483399L;
  private static final long SEED_MASK = (1L << 31) - 1;
  private static final double SCALE = 1.0 / (1 << 24);

  private long first;
  private long second;

  /** Creates the generator of one row. */
  public CombinedGenerator(long seed, int row) {
    long s = seed & SEED_MASK;
    first = 1 + (s + row) % (FIRST_MODULUS - 1);
    second = 1 + (s + 69621L * row) % (SECOND_MODULUS - 1);
  }

  /** Returns the next number from 0 up to, but without, 1. */
  public double next() {
    first = 40014 * first % FIRST_MODULUS;
    second = 40692 * second % SECOND_MODULUS;
    long z = Math.floorMod(first - second + (FIRST_MODULUS - 1), FIRST_MODULUS - 1);
    long whole = z / 128;
    return whole * SCALE;
  }

  /**
   * Draws an index: the number of cumulative weights that are at most u times their sum.
   *
   * @param weights the weights, not negative, not all zero
   */
  public int draw(double[] weights) {
    double[] cumulative = new double[weights.length];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i];
      cumulative[i] = sum;
    }
    double bound = next() * sum;
    int index = 0;
    while (index < weights.length - 1 && cumulative[index] <= bound) {
      index++;
    }
    return index;
  }
}
