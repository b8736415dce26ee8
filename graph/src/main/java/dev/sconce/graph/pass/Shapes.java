package dev.sconce.graph.pass;

import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import java.util.Optional;

/** Sizes as operands. */
final class Shapes {

  private Shapes() {}

  /**
   * Returns the sizes of a view's result, one that varies being left to the operator; empty if more
   * than one does.
   */
  static Optional<Operand> sizes(Type.TensorType type) {
    if (type.shape().stream().filter(d -> !d.isFixed()).count() > 1) {
      return Optional.empty();
    }
    return Optional.of(
        new Operand.ListOf(
            type.shape().stream().map(d -> Operand.of(d.isFixed() ? d.value() : -1)).toList()));
  }
}
