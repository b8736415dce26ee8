package dev.sconce.graph.pass;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.Optional;

/**
 * Makes a mean over the last dimension a product with a row of 1/n, which XNNPACK can run: so a
 * norm does not tear a layer apart.
 *
 * <pre>
 * before:  mean(x, [-1], keepdim)
 * after:   linear(x, [[1/n, 1/n, …]])
 * </pre>
 */
public final class MeanAsProduct implements CallRule {

  /** Creates the rule. */
  public MeanAsProduct() {}

  @Override
  public Optional<Value> rewrite(Node.Call call, Author author) {
    if (!call.operator().fullName().equals("aten::mean.out")
        || !call.operand(1).equals(Operand.ints(-1))
        || !call.operand(2).equals(Operand.of(true))
        || !(call.operand(0) instanceof Operand.Of(Value x))
        || x.tensorType().dtype() != DType.FLOAT32
        || !x.tensorType().dim(-1).isFixed()) {
      return Optional.empty();
    }
    int width = Math.toIntExact(x.tensorType().dim(-1).value());
    Value row =
        author
            .builder()
            .parameter(
                "mean." + width,
                Type.TensorType.of(DType.FLOAT32, 1, width),
                new RepeatedNumber(1f / width, width, "a row of 1/" + width));
    return Optional.of(
        author.builder().call("aten::linear.out", Operand.of(x), Operand.of(row), Operand.none()));
  }
}
