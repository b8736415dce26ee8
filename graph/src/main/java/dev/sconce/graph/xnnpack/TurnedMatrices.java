package dev.sconce.graph.xnnpack;

import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Exchanges of rows and columns within a piece that products need not wait for: XNNPACK multiplies
 * by matrices that lie the other way round.
 *
 * <pre>
 * bmm(a, permute(x, [0, 2, 1]))     BatchMatrixMultiply(a, x), transposed
 * </pre>
 */
final class TurnedMatrices {

  private static final String PRODUCT = "aten::bmm.out";
  private static final String PERMUTE = "aten::permute_copy.out";

  private final Map<Value, Value> sources = new HashMap<>();
  private final Set<Value> readAsTheyAre;

  /**
   * Finds the exchanges of a piece.
   *
   * @param outputs what is read outside of the piece
   */
  TurnedMatrices(List<Node.Call> piece, List<Value> outputs) {
    readAsTheyAre = new HashSet<>(outputs);
    for (Node.Call call : piece) {
      boolean product = call.operator().fullName().equals(PRODUCT);
      for (int i = 0; i < call.operands().size(); i++) {
        if (!product || i != 1) {
          call.operand(i).forEachValue(readAsTheyAre::add);
        }
      }
      if (call.operator().fullName().equals(PERMUTE)
          && call.operand(1).equals(Operand.ints(0, 2, 1))) {
        sources.put(call.result(), Constants.tensor(call.operand(0)));
      }
    }
  }

  /** Returns the matrices that are those given with rows and columns exchanged, if there are. */
  Optional<Value> source(Value matrices) {
    return Optional.ofNullable(sources.get(matrices));
  }

  /** Returns whether a call makes nothing but matrices that products take from their source. */
  boolean isLeftOut(Node.Call call) {
    return sources.containsKey(call.result()) && !readAsTheyAre.contains(call.result());
  }
}
