package dev.sconce.runtime.internal.operator.element;

/**
 * A walk over several tensors in step: for every position of a common shape, an offset into each.
 *
 * <p>Dimensions that lie one behind the other in all tensors are joined first, so that contiguous
 * tensors are one long row. The innermost dimension is handed out as a whole row: offsets, steps
 * and a count; loops over rows are where the time goes, and they are plain.
 */
public final class Walk {

  /** Does the work of one row. */
  @FunctionalInterface
  public interface Row {
    /**
     * Works on {@code count} positions.
     *
     * @param offsets the offset of the first position, for each tensor; not to be written to
     * @param steps what to add from one position to the next, for each tensor
     */
    void run(long[] offsets, long[] steps, long count);
  }

  private final long[] sizes;
  private final long[][] strides;
  private final int rank;
  private final boolean empty;

  /**
   * Prepares a walk.
   *
   * @param sizes the common shape, outermost first
   * @param strides for each tensor, what one step in each dimension adds to its offset; 0 where it
   *     is stretched
   */
  public Walk(long[] sizes, long[]... strides) {
    long[] joined = new long[sizes.length];
    long[][] joinedStrides = new long[strides.length][sizes.length];
    int count = 0;
    boolean none = false;
    for (int dim = 0; dim < sizes.length; dim++) {
      none |= sizes[dim] == 0;
      if (sizes[dim] == 1) {
        continue;
      }
      boolean joins = count > 0;
      for (int t = 0; joins && t < strides.length; t++) {
        joins = joinedStrides[t][count - 1] == strides[t][dim] * sizes[dim];
      }
      int target = joins ? count - 1 : count++;
      joined[target] = joins ? joined[target] * sizes[dim] : sizes[dim];
      for (int t = 0; t < strides.length; t++) {
        joinedStrides[t][target] = strides[t][dim];
      }
    }
    this.sizes = joined;
    this.strides = joinedStrides;
    this.rank = count;
    this.empty = none;
  }

  /** Walks from offset 0 in every tensor. */
  public void run(Row row) {
    runFrom(new long[strides.length], row);
  }

  /** Walks from the given offsets, which serve as scratch space. */
  public void runFrom(long[] offsets, Row row) {
    if (empty) {
      return;
    }
    long[] steps = new long[strides.length];
    if (rank == 0) {
      row.run(offsets, steps, 1);
      return;
    }
    int inner = rank - 1;
    for (int t = 0; t < steps.length; t++) {
      steps[t] = strides[t][inner];
    }
    long[] position = new long[rank];
    while (true) {
      row.run(offsets, steps, sizes[inner]);
      int dim = inner - 1;
      while (dim >= 0 && ++position[dim] == sizes[dim]) {
        position[dim] = 0;
        for (int t = 0; t < strides.length; t++) {
          offsets[t] -= strides[t][dim] * (sizes[dim] - 1);
        }
        dim--;
      }
      if (dim < 0) {
        return;
      }
      for (int t = 0; t < strides.length; t++) {
        offsets[t] += strides[t][dim];
      }
    }
  }
}
