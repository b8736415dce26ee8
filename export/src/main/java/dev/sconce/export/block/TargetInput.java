package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Symbol;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What all layers of a decoder share in one call, for a batch of rows: C sources with K rows
 * (beams) each. Not thread-safe; lives as long as the graph is built.
 *
 * <p>Row r stores position p in slot r · capacity + p. Reordering rows moves no keys and values:
 * each row remembers the slots of its past, and a row that continues another takes over that
 * memory.
 *
 * <pre>
 * slots[r, p] = p &lt; start ? past[from[r], p] : r · capacity + p
 * past[r, p]  = slots[r, p]
 * </pre>
 */
public final class TargetInput {

  private final Blocks blocks;
  private final Value ids;
  private final DecoderInput decoder;
  private final @Nullable SourceMask sourceMask;
  private final Dim sources;
  private final Dim beams;
  private final Limits limits;
  private final Dim seen;
  private final Value seenPositions;
  private final Map<String, Value> addends = new HashMap<>();
  private final Map<RelativeBias, Value> biases = new HashMap<>();
  private final Value newSlots;
  private final @Nullable Value slots;

  /**
   * How much the caches hold.
   *
   * @param capacity how many tokens a row may have
   * @param rows how many rows there may be, beams included
   */
  public record Limits(int capacity, int rows) {}

  /**
   * Derives what layers need.
   *
   * @param ids the new tokens, {@code int64[C · K, T]}
   * @param positions their positions, {@code int64[T]}, consecutive and the same for all rows
   * @param from the row of the call before that each row continues, {@code int64[C · K]}; or null
   *     if every row continues itself
   * @param sourceMask {@code int64[C, S]}, 0 where a source's token is padding; or null if none is
   * @param sources C
   * @param beams K
   */
  public TargetInput(
      Blocks blocks,
      Value ids,
      Value positions,
      @Nullable Value from,
      @Nullable Value sourceMask,
      Dim sources,
      Dim beams,
      Limits limits) {
    this.blocks = blocks;
    this.ids = ids;
    this.beams = beams;
    this.limits = limits;
    this.sources = sources;
    if (!ids.tensorType().dim(0).equals(sources.times(beams))) {
      throw new IllegalArgumentException(
          "expected %s rows for each of %s sources, found %s in all"
              .formatted(beams, sources, ids.tensorType().dim(0)));
    }
    Author a = blocks.author();
    a.size(ids, 0);
    a.size(ids, 1);
    this.sourceMask = sourceMask == null ? null : new SourceMask(blocks, sourceMask);
    this.decoder = new DecoderInput(blocks, positions, limits.capacity());
    Symbol symbol = blocks.builder().freshSymbol("seen", 1, limits.capacity());
    a.item(a.add(a.last(positions, 0), 1), symbol);
    this.seen = Dim.of(symbol);
    Value all = Range.of(blocks, limits.capacity());
    this.seenPositions = a.slice(all, 0, Operand.of(0), a.operand(seen));
    if (limits.rows() == 1) {
      this.newSlots = positions;
      this.slots = null;
    } else {
      Value firsts = firstSlots();
      this.newSlots = flat(a.add(firsts, row(positions)));
      this.slots = from == null ? flat(a.add(firsts, row(seenPositions))) : past(firsts, from);
    }
  }

  /** Returns the first slot of every row, {@code int64[R, 1]}. */
  private Value firstSlots() {
    Author a = blocks.author();
    Value numbers = Range.of(blocks, limits.rows());
    Value present = a.slice(numbers, 0, Operand.of(0), a.operand(rows()));
    return a.mul(column(present), limits.capacity());
  }

  /** Writes the formulas of the class comment. */
  private Value past(Value firsts, Value from) {
    Author a = blocks.author();
    long places = (long) limits.rows() * limits.capacity();
    Value memory = blocks.builder().buffer("past", Type.TensorType.of(DType.INT64, places));
    Value own = a.add(firsts, row(seenPositions));
    Value taken = a.add(a.mul(column(from), limits.capacity()), row(seenPositions));
    Value before =
        blocks
            .builder()
            .call(
                "aten::index_select.out",
                Operand.of(memory),
                Operand.of(0),
                Operand.of(flat(taken)));
    Value start = a.slice(decoder.positions(), 0, 0, 1);
    Value isPast = a.compare("lt", row(seenPositions), start);
    Value now = flat(a.where(isPast, a.view(before, rows(), seen), own));
    blocks
        .builder()
        .callInPlace(
            "aten::index_put_",
            Operand.of(memory),
            new Operand.ListOf(List.of(Operand.of(flat(own)))),
            Operand.of(now),
            Operand.of(false));
    return now;
  }

  private Value row(Value vector) {
    return blocks.author().view(vector, Dim.ONE, vector.tensorType().dim(0));
  }

  private Value column(Value vector) {
    return blocks.author().view(vector, vector.tensorType().dim(0), Dim.ONE);
  }

  private Value flat(Value matrix) {
    return blocks.author().view(matrix, matrix.tensorType().elements());
  }

  /** Returns the new tokens, {@code int64[R, T]}. */
  public Value ids() {
    return ids;
  }

  /** Returns the positions of the new tokens, {@code int64[T]}. */
  public Value positions() {
    return decoder.positions();
  }

  /** Returns the first position, a number of the program. */
  public Value start() {
    return decoder.start();
  }

  /** Returns R = C · K, the number of rows. */
  public Dim rows() {
    return ids.tensorType().dim(0);
  }

  /** Returns C, the number of sources. */
  public Dim sources() {
    return sources;
  }

  /** Returns K, the number of rows that share a source. */
  public Dim beams() {
    return beams;
  }

  /** Returns T, the number of new tokens of a row. */
  public Dim length() {
    return ids.tensorType().dim(1);
  }

  /** Returns P, the number of tokens of a row up to the last new one. */
  public Dim seen() {
    return seen;
  }

  /** Returns how many tokens a row may have. */
  public int capacity() {
    return limits.capacity();
  }

  /** Returns how many rows there may be. */
  public int maxRows() {
    return limits.rows();
  }

  /** Returns what is added to scores {@code [C · heads, n, S]} of a source, or null. */
  @Nullable Value sourceAddend(int heads) {
    return sourceMask == null ? null : sourceMask.hidden(heads);
  }

  /** Returns the slots that the new tokens are stored in, {@code int64[R · T]}. */
  Value newSlots() {
    return newSlots;
  }

  /** Returns the slots of the tokens that rows see, {@code int64[R · P]}; with several rows. */
  Value slots() {
    return Objects.requireNonNull(slots, "with one row, slots are positions");
  }

  /** Returns what is added to scores {@code [R · heads, T, P]}. */
  Value addend(int heads, @Nullable RelativeBias bias) {
    if (bias == null) {
      return addends.computeIfAbsent("causal", _ -> causal());
    }
    return biases.computeIfAbsent(
        bias,
        b -> {
          Author a = blocks.author();
          Value learned = b.apply(blocks, positions(), seenPositions, limits.capacity());
          if (rows().equals(Dim.ONE)) {
            return learned;
          }
          Dim h = Dim.of(heads);
          Value repeated = a.expand(a.unsqueeze(learned, 0), List.of(rows(), h, length(), seen));
          return a.view(repeated, rows().times(h), length(), seen);
        });
  }

  private Value causal() {
    Author a = blocks.author();
    return decoder.penalty(a.compare("le", row(seenPositions), column(positions())));
  }
}
