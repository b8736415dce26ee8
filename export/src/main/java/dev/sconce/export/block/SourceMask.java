package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tokens of a source are padding, as what is added to scores. Not thread-safe; lives as long
 * as the graph is built.
 */
final class SourceMask {

  /** Added to the scores of padding; far below any score, far above -∞. */
  private static final double HIDDEN = -1e30;

  private final Blocks blocks;
  private final Value hidden;
  private final Map<Integer, Value> byHeads = new HashMap<>();

  /**
   * Derives what attention needs from a mask.
   *
   * @param mask {@code int64[C, S]}, 0 where a token is padding
   */
  SourceMask(Blocks blocks, Value mask) {
    this.blocks = blocks;
    Author a = blocks.author();
    a.size(mask, 0);
    a.size(mask, 1);
    Value flags = a.to(a.compare("eq", mask, 0), DType.FLOAT32);
    this.hidden = a.view(a.mul(flags, HIDDEN), rows(mask), Dim.ONE, Dim.ONE, length(mask));
  }

  private static Dim rows(Value mask) {
    return mask.tensorType().dim(0);
  }

  private static Dim length(Value mask) {
    return mask.tensorType().dim(1);
  }

  /** Returns what is added to scores, {@code float32[C, 1, 1, S]}. */
  Value hidden() {
    return hidden;
  }

  /** Returns what is added to scores {@code [C · heads, n, S]}. */
  Value hidden(int heads) {
    return byHeads.computeIfAbsent(
        heads,
        h -> {
          Author a = blocks.author();
          Dim rows = hidden.tensorType().dim(0);
          Dim length = hidden.tensorType().dim(3);
          if (rows.equals(Dim.ONE)) {
            return a.view(hidden, Dim.ONE, Dim.ONE, length);
          }
          Value repeated = a.expand(hidden, List.of(rows, Dim.of(h), Dim.ONE, length));
          return a.view(repeated, rows.times(Dim.of(h)), Dim.ONE, length);
        });
  }
}
