package dev.sconce.graph.pass;

import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Node;
import dev.sconce.graph.Value;
import java.util.Map;
import java.util.Optional;

/** Computes what a call returns before there is a program: the seam between graphs and kernels. */
@FunctionalInterface
public interface CallEvaluator {

  /**
   * Computes a call that has one result, a tensor of fixed shape.
   *
   * @param call reads constants and numbers only
   * @param constants the data of the tensors that it reads
   * @return the bytes of the result, little-endian and row-major, as a program would compute them;
   *     empty if the evaluator cannot tell
   */
  Optional<byte[]> evaluate(Node.Call call, Map<Value, ConstantData> constants);
}
