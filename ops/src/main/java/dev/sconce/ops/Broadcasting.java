package dev.sconce.ops;

import java.util.Optional;

/** How tensors of different shapes meet: aligned at the last dimension, size 1 stretches. */
public final class Broadcasting {

  private Broadcasting() {}

  /** Returns the shape in which two shapes meet, or empty if they do not. */
  public static Optional<Shape> broadcast(Shape a, Shape b) {
    if (a.equals(b)) {
      return Optional.of(a);
    }
    int rank = Math.max(a.rank(), b.rank());
    long[] sizes = new long[rank];
    for (int back = 1; back <= rank; back++) {
      long left = back <= a.rank() ? a.size(a.rank() - back) : 1;
      long right = back <= b.rank() ? b.size(b.rank() - back) : 1;
      if (left != right && left != 1 && right != 1) {
        return Optional.empty();
      }
      sizes[rank - back] = left == 1 ? right : left;
    }
    return Optional.of(Shape.of(sizes));
  }

  /** Returns whether a shape stretches to another without changing the other. */
  public static boolean expandsTo(Shape from, Shape to) {
    return broadcast(from, to).filter(to::equals).isPresent();
  }
}
