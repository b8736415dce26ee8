package dev.sconce.export.block;

import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all layers of an encoder share in one call. Not thread-safe; lives as long as the graph is
 * built.
 */
public final class SourceInput {

  private final Blocks blocks;
  private final Value ids;
  private final int capacity;
  private final @Nullable SourceMask mask;
  private final Value positions;
  private final Map<RelativeBias, Value> biases = new HashMap<>();

  /**
   * Derives what layers need from the tokens.
   *
   * @param ids {@code int64[C, S]}
   * @param mask {@code int64[C, S]}, 0 where a token is padding; or null if none is
   * @param capacity how many tokens a sequence may have
   */
  public SourceInput(Blocks blocks, Value ids, @Nullable Value mask, int capacity) {
    this.blocks = blocks;
    this.ids = ids;
    this.capacity = capacity;
    Author a = blocks.author();
    a.size(ids, 0);
    a.size(ids, 1);
    this.mask = mask == null ? null : new SourceMask(blocks, mask);
    Operand length = a.operand(length());
    this.positions = a.slice(Range.of(blocks, capacity), 0, Operand.of(0), length);
  }

  /** Returns the tokens. */
  public Value ids() {
    return ids;
  }

  /** Returns the number of sequences. */
  public Dim rows() {
    return ids.tensorType().dim(0);
  }

  /** Returns the number of tokens of each, padding included. */
  public Dim length() {
    return ids.tensorType().dim(1);
  }

  /** Returns how many tokens a sequence may have. */
  public int capacity() {
    return capacity;
  }

  /** Returns the positions, {@code int64[S]}. */
  Value positions() {
    return positions;
  }

  /** Returns what is added to scores {@code [C · heads, S, S]}. */
  @Nullable Value addend(int heads, @Nullable RelativeBias bias) {
    if (bias == null) {
      return mask == null ? null : mask.hidden(heads);
    }
    return biases.computeIfAbsent(
        bias,
        b -> {
          Author a = blocks.author();
          Value learned = b.apply(blocks, positions, positions, capacity);
          if (mask == null) {
            return learned;
          }
          if (rows().equals(Dim.ONE)) {
            return a.add(learned, mask.hidden(heads));
          }
          Value all = a.add(mask.hidden(), a.unsqueeze(learned, 0));
          return a.view(all, rows().times(Dim.of(heads)), length(), length());
        });
  }
}
