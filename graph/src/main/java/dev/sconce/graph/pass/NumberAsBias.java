package dev.sconce.graph.pass;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adds a number to a product by its bias: one node less, of which a norm written as a product has
 * one in every layer.
 *
 * <pre>
 * before:  add(linear(x, W), c)
 * after:   linear(x, W, [c, c, …])
 * </pre>
 */
public final class NumberAsBias implements CallRule {

  private static final String LINEAR = "aten::linear.out";

  private final Map<Value, Node.Call> products = new HashMap<>();

  /** Creates the rule for one graph. */
  public NumberAsBias() {}

  @Override
  public Optional<Value> rewrite(Node.Call call, Author author) {
    if (call.operator().fullName().equals(LINEAR)
        && call.operand(2) == Operand.None.NONE
        && call.result().tensorType().dtype() == DType.FLOAT32) {
      products.put(call.result(), call);
      return Optional.empty();
    }
    if (!call.operator().fullName().equals("aten::add.Scalar_out")
        || !call.operand(2).equals(Operand.of(1L))
        || !(call.operand(0) instanceof Operand.Of(Value sum))
        || !(call.operand(1) instanceof Operand.DoubleConstant(double number))) {
      return Optional.empty();
    }
    Node.Call product = products.get(sum);
    if (product == null) {
      return Optional.empty();
    }
    int count = Math.toIntExact(call.result().tensorType().dim(-1).value());
    Value bias =
        author
            .builder()
            .parameter(
                "bias",
                Type.TensorType.of(DType.FLOAT32, count),
                new RepeatedNumber(
                    (float) number,
                    count,
                    "a bias of %d times %s".formatted(count, (float) number)));
    return Optional.of(
        author
            .builder()
            .callTyped(
                LINEAR,
                List.of(product.operand(0), product.operand(1), Operand.of(bias)),
                call.result().type()));
  }
}
