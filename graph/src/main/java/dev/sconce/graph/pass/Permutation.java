package dev.sconce.graph.pass;

import dev.sconce.format.Ints;
import dev.sconce.graph.Author;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/**
 * What a call of {@code permute_copy} does: dimension i of the result is dimension {@code order[i]}
 * of the operand.
 *
 * @param dims the order
 */
record Permutation(Ints dims) {

  static final String OPERATOR = "aten::permute_copy.out";

  /** Exchanges the dimensions of a matrix. */
  static final Permutation TRANSPOSE = new Permutation(Ints.of(1, 0));

  /** Returns the permutation of a call. */
  static Permutation of(Node.Call permute) {
    long rank = permute.result().tensorType().rank();
    return new Permutation(
        Ints.of(
            ((Operand.ListOf) permute.operand(1))
                .items().stream()
                    .mapToInt(
                        item -> (int) Math.floorMod(((Operand.IntConstant) item).value(), rank))
                    .toArray()));
  }

  int[] order() {
    return dims.toIntArray();
  }

  /** Returns the permutation that does another one first, and then this. */
  Permutation after(Permutation first) {
    int[] order = order();
    for (int i = 0; i < order.length; i++) {
      order[i] = first.dims.at(order[i]);
    }
    return new Permutation(Ints.of(order));
  }

  boolean isIdentity() {
    for (int i = 0; i < dims.size(); i++) {
      if (dims.at(i) != i) {
        return false;
      }
    }
    return true;
  }

  /** Writes the permutation of a tensor. */
  Value write(Value x, Author author) {
    return author.permute(x, dims.ints().asLongStream().toArray());
  }
}
