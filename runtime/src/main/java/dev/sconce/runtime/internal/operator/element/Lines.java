package dev.sconce.runtime.internal.operator.element;

import dev.sconce.runtime.internal.slot.TensorSlot;

/** The lines of tensors along one dimension: where each starts. */
public final class Lines {

  /** Works on one line. */
  @FunctionalInterface
  public interface Line {
    /**
     * Works on it.
     *
     * @param starts the offset of its first element, in each tensor; reused for the next line
     */
    void run(long[] starts);
  }

  private Lines() {}

  /**
   * Visits every line along a dimension. The tensors agree in all other sizes; of those without
   * dimensions the single element is the line.
   */
  public static void forEach(int along, Line line, TensorSlot... tensors) {
    TensorSlot first = tensors[0];
    int rank = Math.max(0, first.rank() - 1);
    long[] sizes = new long[rank];
    long[][] strides = new long[tensors.length][rank];
    for (int dim = 0, at = 0; dim < first.rank(); dim++) {
      if (dim == along) {
        continue;
      }
      sizes[at] = first.size(dim);
      for (int t = 0; t < tensors.length; t++) {
        strides[t][at] = tensors[t].stride(dim);
      }
      at++;
    }
    long[] starts = new long[tensors.length];
    new Walk(sizes, strides)
        .run(
            (offsets, steps, count) -> {
              for (long i = 0; i < count; i++) {
                for (int t = 0; t < starts.length; t++) {
                  starts[t] = offsets[t] + i * steps[t];
                }
                line.run(starts);
              }
            });
  }
}
