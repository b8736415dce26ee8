package dev.sconce.kernels.internal;

/**
 * A matrix product in terms of where its operands come from and where its results go.
 *
 * @param rows the left operand
 * @param panels the right operand
 * @param results what takes the sums
 * @param inputs K, over which sums run
 * @param chunk how many products are summed before {@code results} gets the sum
 */
public record PanelJob(Rows rows, Panels panels, Results results, int inputs, int chunk) {

  /** How many float32 products are summed at once: a part of a panel stays in cache. */
  public static final int FLOAT_CHUNK = 512;

  /** How many products of 8-bit integers a float32 sum holds exactly: 256 · 255² is below 2²⁴. */
  public static final int EXACT_CHUNK = 256;

  /** Where rows come from. */
  @FunctionalInterface
  public interface Rows {

    /** Writes the rows {@code first … end-1}, K elements each, to x. */
    void fill(int first, int end, float[] x);
  }

  /** Where panels of 32 columns come from. */
  @FunctionalInterface
  public interface Panels {

    /** Writes a block's panel [K, 32]. */
    void fill(int block, float[] panel);
  }

  /** Where sums go. */
  @FunctionalInterface
  public interface Results {

    /**
     * Takes the sums of one chunk of the inputs.
     *
     * @param row the row
     * @param block the block of columns
     * @param sums 32 sums
     * @param offset the index of the first
     * @param first whether this is the first chunk of these results
     * @param last whether it is the last
     */
    void add(int row, int block, float[] sums, int offset, boolean first, boolean last);
  }
}
