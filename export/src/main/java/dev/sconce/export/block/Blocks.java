package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.Author;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Value;

/**
 * Where blocks write: an author, with the choices of the export that blocks heed.
 *
 * @param author writes the nodes
 * @param options the choices
 */
public record Blocks(Author author, BlockOptions options) {

  /** Returns the builder behind the author. */
  public GraphBuilder builder() {
    return author.builder();
  }

  /** Returns a weight as a constant of the export's element type. */
  public Value constant(Weight weight) {
    return constant(weight, options.dtype());
  }

  /** Returns a weight as a constant of a given element type. */
  public Value constant(Weight weight, DType dtype) {
    return builder().parameter(weight.identity(), weight.type(dtype), weight.data(dtype));
  }
}
