package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.runtime.internal.execution.OperatorFailure;

/** Shapes of operands that are stretched to fit each other. */
final class Broadcasting {

  private Broadcasting() {}

  /**
   * Returns the common shape of two operands, less some of their last dimensions.
   *
   * @throws OperatorFailure if they do not fit
   */
  static int[] shape(Operand a, Operand b, int without) {
    int aRank = a.rank() - without;
    int bRank = b.rank() - without;
    int rank = Math.max(aRank, bRank);
    int[] shape = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int aSize = i <= aRank ? a.size(aRank - i) : 1;
      int bSize = i <= bRank ? b.size(bRank - i) : 1;
      if (aSize != bSize && aSize != 1 && bSize != 1) {
        throw OperatorFailure.of("expected shapes that broadcast, found %s and %s", a, b);
      }
      shape[rank - i] = aSize == 1 ? bSize : aSize;
    }
    return shape;
  }
}
