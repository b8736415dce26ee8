package dev.sconce.runtime.internal.xnnpack;

import static dev.sconce.format.xnnpack.BinaryOperator.BATCH_MATRIX_MULTIPLY;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnDatatype;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnNode;
import dev.sconce.format.xnnpack.XnnOperation.Binary;
import dev.sconce.format.xnnpack.XnnOperation.StaticTranspose;
import dev.sconce.format.xnnpack.XnnValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Finds transposed values that need not be moved, because only products of matrices read them: the
 * heads of attention, which are wanted one by one and lie in turns in a cache.
 *
 * <pre>
 *   queries [T, H, D] ─▸ StaticTranspose [H, T, D] ─▸ left of BatchMatrixMultiply:  strides [D, H·D, 1]
 *   keys    [S, H, D] ─▸ StaticTranspose [H, D, S] ─▸ right of the same:            strides [D, 1, H·D]
 *   values  [S, H, D] ─▸ StaticTranspose [H, S, D] ─▸ right of another:             strides [D, H·D, 1]
 * </pre>
 *
 * <p>Left matrices must have their rows in one piece, right ones rows or columns.
 */
final class TransposedViews {

  private TransposedViews() {}

  /** Returns the ids of these values. */
  static Set<Integer> of(XnnGraph graph) {
    Map<Integer, Ints> permutations = new HashMap<>();
    for (XnnNode node : graph.nodes()) {
      if (node.operation() instanceof StaticTranspose n) {
        permutations.put(n.output(), n.permutation());
      }
    }
    for (XnnValue value : graph.values()) {
      if (value.isOutput() || value.datatype() != XnnDatatype.FP32) {
        permutations.remove(value.id());
      }
    }
    for (XnnNode node : graph.nodes()) {
      if (node.operation() instanceof Binary n && n.operator() == BATCH_MATRIX_MULTIPLY) {
        permutations.computeIfPresent(n.input1(), (_, p) -> keepsLast(p, 1) ? p : null);
        permutations.computeIfPresent(
            n.input2(), (_, p) -> keepsLast(p, 1) || keepsLast(p, 2) ? p : null);
      } else {
        node.operation().inputs().ints().forEach(permutations::remove);
      }
    }
    return Set.copyOf(permutations.keySet());
  }

  /** Returns whether a dimension of the result, counted from its end, is the operand's last one. */
  private static boolean keepsLast(Ints permutation, int fromEnd) {
    int rank = permutation.size();
    return rank >= 2 && permutation.at(rank - fromEnd) == rank - 1;
  }
}
