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
    int heads = attention.heads();
    int first = heads + attention.groups();
    Value all = split(blocks, joined.get(), first + attention.groups(), attention);
    Value values = a.slice(all, 2, first, first + attention.groups());
    // Keys that wait to be turned when they are read part from the queries before.
    boolean keysWait = rotary != null && rotary.lengthDependent();
    boolean shared = norm.isPresent() || (rotary != null && !keysWait);
    Value both = shared ? a.slice(all, 2, 0, first) : all;
    both = norm.isPresent() ? norm.get().apply(blocks, both) : both;
    both = keysWait ? both : turned(blocks, rotary, input, both);
    Value queries = a.slice(both, 2, 0, heads);
    return new AttentionHeads(
        keysWait ? turned(blocks, rotary, input, queries) : queries,
        a.slice(both, 2, heads, first),
        values);
  }

  private static Value turned(
      Blocks blocks, @Nullable Rotary rotary, DecoderInput input, Value heads) {
    return rotary == null ? heads : rotary.turn(blocks, heads, input.angles(rotary));
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
    Value values = split(blocks, attention.value().apply(blocks, x), attention.groups(), attention);
    Rotary rotary = attention.rotary();
    boolean keysWait = rotary != null && rotary.lengthDependent();
    return new AttentionHeads(
        turned(blocks, rotary, input, queries),
        keysWait ? keys : turned(blocks, rotary, input, keys),
        values);
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
