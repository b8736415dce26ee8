package dev.sconce.graph.pass;

import dev.sconce.graph.Author;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.Optional;

/**
 * Writes GELU with tanh out, because XNNPACK's own GELU is always the exact one.
 *
 * <pre>
 * before:  gelu(x, "tanh")
 * after:   (x · 0.5) · (tanh((x·x·x · 0.044715 + x) · √(2/π)) + 1)
 * </pre>
 */
public final class DecomposeTanhGelu implements CallRule {

  private static final double CUBE = 0.044715;

  /** Creates the rule. */
  public DecomposeTanhGelu() {}

  @Override
  public Optional<Value> rewrite(Node.Call call, Author author) {
    if (!call.operator().fullName().equals("aten::gelu.out")
        || !call.operand(1).equals(new Operand.StringConstant("tanh"))
        || !(call.operand(0) instanceof Operand.Of(Value x))) {
      return Optional.empty();
    }
    Value cube = author.mul(author.mul(author.mul(x, x), x), CUBE);
    Value inner = author.mul(author.add(cube, x), Math.sqrt(2 / Math.PI));
    Value factor = author.add(author.unary("tanh", inner), 1);
    return Optional.of(author.mul(author.mul(x, 0.5), factor));
  }
}
