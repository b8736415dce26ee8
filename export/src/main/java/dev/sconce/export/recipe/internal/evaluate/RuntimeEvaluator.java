package dev.sconce.export.recipe.internal.evaluate;

import dev.sconce.base.ExecutionFailedException;
import dev.sconce.base.UnsupportedProgramException;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Node;
import dev.sconce.graph.Value;
import dev.sconce.graph.pass.CallEvaluator;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Computes calls with the runtime's kernels. What they refuse is left to the program, which then
 * refuses it when it runs.
 */
public final class RuntimeEvaluator implements CallEvaluator {

  /** Creates an evaluator. */
  public RuntimeEvaluator() {}

  @Override
  public Optional<byte[]> evaluate(Node.Call call, Map<Value, ConstantData> constants) {
    try {
      EValue result =
          Calls.run(
                  call,
                  value -> EValue.from(tensor(value, constants)),
                  value ->
                      EValue.from(
                          Tensor.zeros(value.tensorType().dtype(), value.tensorType().maxShape())))
              .getFirst();
      return Optional.of(result.toTensor().memory().toArray(ValueLayout.JAVA_BYTE));
    } catch (UnsupportedProgramException | ExecutionFailedException _) {
      return Optional.empty();
    }
  }

  private static Tensor tensor(Value value, Map<Value, ConstantData> constants) {
    return Calls.tensor(value.tensorType(), Objects.requireNonNull(constants.get(value)));
  }
}
