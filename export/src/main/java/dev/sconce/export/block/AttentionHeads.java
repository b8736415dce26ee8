package dev.sconce.export.block;

import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The queries, keys and values of new tokens, normalised and turned.
 *
 * <p>Where their matrices are of one kind they are one matrix, and what queries and keys share is
 * done to both at once:
 *
 * <pre>
 * x → linear → [rows, S, heads + 2·groups, d] ─┬─ first heads + groups → norm → turn ─┬─ queries
 *                                              └─ last groups → values               └─ keys
 * </pre>
 *
 * @param queries {@code [rows, S, heads, d]}
 * @param keys {@code [rows, S, groups, d]}; unturned if the angles depend on the length
 * @param values {@code [rows, S, groups, d]}
 */
record AttentionHeads(Value queries, Value keys, Value values) {

  /** Writes the projections of {@code [rows, S, width]}. */
  static AttentionHeads of(Attention attention, Blocks blocks, DecoderInput input, Value x) {
    Optional<Norm> norm = jointNorm(attention);
    if (norm.isEmpty() && (attention.queryNorm() != null || attention.keyNorm() != null)) {
      return apart(attention, blocks, input, x);
    }
    Optional<Value> joined =
        Linear.applyJoined(
            blocks, List.of(attention.query(), attention.key(), attention.value()), x);
    if (joined.isEmpty()) {
      return apart(attention, blocks, input, x);
    }
    Author a = blocks.author();
    Rotary rotary = attention.rotary();
    boolean turns = rotary != null && !rotary.lengthDependent();
    int heads = attention.heads();
    int turning = heads + attention.groups();
    Value all = split(blocks, joined.get(), turning + attention.groups(), attention);
    Value values = a.slice(all, 2, turning, turning + attention.groups());
    Value both = norm.isPresent() || turns ? a.slice(all, 2, 0, turning) : all;
    both = norm.isPresent() ? norm.get().apply(blocks, both) : both;
    both = turns ? rotary.turn(blocks, both, input.angles(rotary)) : both;
    Value queries = a.slice(both, 2, 0, heads);
    Value keys = a.slice(both, 2, heads, turning);
    if (rotary != null && !turns) {
      queries = rotary.turn(blocks, queries, input.angles(rotary));
    }
    return new AttentionHeads(queries, keys, values);
  }

  private static AttentionHeads apart(
      Attention attention, Blocks blocks, DecoderInput input, Value x) {
    Value queries =
        norm(
            blocks,
            attention.queryNorm(),
            split(blocks, attention.query().apply(blocks, x), attention.heads(), attention));
    Value keys =
        norm(
            blocks,
            attention.keyNorm(),
            split(blocks, attention.key().apply(blocks, x), attention.groups(), attention));
    Value values =
        split(blocks, attention.value().apply(blocks, x), attention.groups(), attention);
    Rotary rotary = attention.rotary();
    if (rotary != null) {
      queries = rotary.turn(blocks, queries, input.angles(rotary));
      if (!rotary.lengthDependent()) {
        keys = rotary.turn(blocks, keys, input.angles(rotary));
      }
    }
    return new AttentionHeads(queries, keys, values);
  }

  private static Value norm(Blocks blocks, @Nullable Norm norm, Value heads) {
    return norm == null ? heads : norm.apply(blocks, heads);
  }

  private static Value split(Blocks blocks, Value projected, int count, Attention attention) {
    Dim rows = projected.tensorType().dim(0);
    Dim length = projected.tensorType().dim(1);
    return blocks
        .author()
        .view(projected, rows, length, Dim.of(count), Dim.of(attention.headDim()));
  }

  /** Returns the norm of queries and keys as one, with the weights of every head. */
  private static Optional<Norm> jointNorm(Attention attention) {
    if (!(attention.queryNorm() instanceof Norm.Rms(Weight ofQueries, double epsilon))
        || !(attention.keyNorm() instanceof Norm.Rms(Weight ofKeys, double other))
        || epsilon != other
        || ofQueries == null
        || ofKeys == null) {
      return Optional.empty();
    }
    int d = attention.headDim();
    int[] ofHead = new int[attention.heads() + attention.groups()];
    Arrays.fill(ofHead, attention.heads(), ofHead.length, 1);
    Weight both = Weight.stacked(List.of(ofQueries.reshaped(1, d), ofKeys.reshaped(1, d)));
    return Optional.of(new Norm.Rms(both.gatherRows("by head", ofHead), epsilon));
  }
}
