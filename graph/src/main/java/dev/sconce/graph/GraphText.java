package dev.sconce.graph;

import dev.sconce.ops.OperatorCatalogue;
import java.util.function.Function;

/**
 * The text form of graphs, one node a line.
 *
 * <pre>
 * graph forward(%ids: int64[1, S], %position: int64[S]) where S in 1..63 {
 *   param %weight: float32[151, 40] = "model.embed_tokens.weight"
 *   buffer %keys: float32[1, 64, 2, 20]
 *   var %count: int(0)
 *   %x: float32[1, S, 40] = aten::embedding.out(%weight, %ids, -1, false, false)
 *   %y: float32[1, S, 40] = if %flag {
 *     yield %x
 *   } else {
 *     %z: float32[1, S, 40] = aten::neg.out(%x)
 *     yield %z
 *   }
 *   %keys &lt;- aten::full.out([1, 64, 2, 20], 0.0)
 *   do {
 *     %count := 1
 *     %done: bool = executorch_prim::ge.Scalar(%count, 1)
 *   } until %done
 *   return %y
 * }
 * </pre>
 */
public final class GraphText {

  private GraphText() {}

  /** Returns a graph as text. */
  public static String print(Graph graph) {
    return new GraphPrinter().print(graph);
  }

  /**
   * Reads a graph from text.
   *
   * @param text the text form
   * @param catalogue where operators are looked up
   * @param constants gives the bytes of a parameter by its identity
   * @throws dev.sconce.base.MalformedFileException if the text is not well-formed
   */
  public static Graph parse(
      String text, OperatorCatalogue catalogue, Function<String, ConstantData> constants) {
    return new GraphParser(text, catalogue, constants).parse();
  }
}
