package dev.sconce.graph.pass;

import dev.sconce.graph.Author;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the product with a constant matrix as a linear layer, which holds its matrix the other way
 * round: XNNPACK has no other product with constants.
 *
 * <pre>
 * before:  mm(x, permute(W, [1, 0]))       addmm(b, x, M)
 * after:   linear(x, W)                    linear(x, permute(M, [1, 0]), b)
 * </pre>
 *
 * <p>{@link PermutedConstants} stores {@code M} so. It would be stored twice if it were read
 * otherwise, too; then its product stays.
 */
public final class ProductAsLinear implements CallRule {

  private final Readers readers;
  private final Map<Value, Value> transposed = new HashMap<>();

  /** Creates the rule for one graph. */
  public ProductAsLinear(Graph graph) {
    this.readers = new Readers(graph);
  }

  /** A product with a constant matrix, and perhaps a constant vector added. */
  private record Product(Value x, Value matrix, Operand bias) {

    static Optional<Product> of(Node.Call call) {
      return switch (call.operator().fullName()) {
        case "aten::mm.out" -> Optional.of(of(call, 0, Operand.none()));
        case "aten::addmm.out" ->
            isAdded(call) ? Optional.of(of(call, 1, call.operand(0))) : Optional.empty();
        default -> Optional.empty();
      };
    }

    private static boolean isAdded(Node.Call call) {
      return call.operand(0) instanceof Operand.Of(Value bias)
          && bias.kind() == Value.Kind.PARAMETER
          && bias.tensorType().rank() == 1
          && bias.tensorType().dim(0).equals(call.result().tensorType().dim(1))
          && isOne(call.operand(3))
          && isOne(call.operand(4));
    }

    private static Product of(Node.Call call, int first, Operand bias) {
      return new Product(tensor(call.operand(first)), tensor(call.operand(first + 1)), bias);
    }

    private static Value tensor(Operand operand) {
      return ((Operand.Of) operand).value();
    }

    private static boolean isOne(Operand factor) {
      return factor.equals(Operand.of(1L)) || factor.equals(Operand.of(1.0));
    }

    /** Returns whether a call reads a value as the matrix of a product and as nothing else. */
    static boolean isBy(Value matrix, Node.Call call) {
      return of(call)
          .filter(p -> p.matrix.equals(matrix))
          .filter(p -> !p.x.equals(matrix) && !p.bias.equals(Operand.of(matrix)))
          .isPresent();
    }
  }

  @Override
  public Optional<Value> rewrite(Node.Call call, Author author) {
    if (call.operator().fullName().equals(Permutation.OPERATOR)
        && call.operand(0) instanceof Operand.Of(Value matrix)
        && matrix.kind() == Value.Kind.PARAMETER
        && Permutation.of(call).equals(Permutation.TRANSPOSE)) {
      transposed.put(call.result(), matrix);
      return Optional.empty();
    }
    return Product.of(call)
        .flatMap(
            product ->
                weight(product.matrix, author)
                    .map(
                        weight ->
                            author
                                .builder()
                                .call(
                                    "aten::linear.out",
                                    Operand.of(product.x),
                                    Operand.of(weight),
                                    product.bias)));
  }

  /** Returns a matrix the other way round; empty if it is no constant, or needed as it is. */
  private Optional<Value> weight(Value matrix, Author author) {
    Value stored = transposed.get(matrix);
    if (stored != null) {
      return Optional.of(stored);
    }
    boolean turns =
        matrix.kind() == Value.Kind.PARAMETER
            && readers.areOnly(matrix, call -> Product.isBy(matrix, call));
    return turns ? Optional.of(Permutation.TRANSPOSE.write(matrix, author)) : Optional.empty();
  }
}
