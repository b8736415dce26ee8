package dev.sconce.export.block;

import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.List;

/** The operator {@code llama::custom_sdpa}. */
final class CustomAttention {

  private CustomAttention() {}

  /**
   * Returns what queries find, in their shape.
   *
   * @param start the position of the first query
   * @param mask a mask for all rows, or none
   * @param causal whether a query sees no key after its own
   */
  static Value mix(
      Blocks blocks,
      Value queries,
      Value keys,
      Value values,
      Operand start,
      Operand mask,
      boolean causal,
      double scale) {
    return blocks
        .builder()
        .callTyped(
            "llama::custom_sdpa.out",
            List.of(
                Operand.of(queries),
                Operand.of(keys),
                Operand.of(values),
                start,
                mask,
                Operand.of(0.0),
                Operand.of(causal),
                Operand.of(scale)),
            queries.type());
  }
}
