package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Symbol;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What all layers of a decoder share in one call: the positions of the new tokens, and what is
 * derived from them once (angles, masks). Not thread-safe; lives as long as the graph is built.
 */
public final class DecoderInput {

  private final Blocks blocks;
  private final Dim rows;
  private final Value columns;
  private final Value start;
  private final @Nullable Value rowPositions;
  private final @Nullable Value visible;
  private final int capacity;
  private final List<KvCache> caches = new ArrayList<>();
  private final Map<Rotary, Rotary.Angles> angles = new HashMap<>();
  private final Map<Rotary, Rotary.Angles> cacheAngles = new HashMap<>();
  private final Map<Integer, Value> ringMasks = new HashMap<>();
  private final Map<Integer, Value> ringSlots = new HashMap<>();
  private final Map<Integer, Symbol> ringCounts = new HashMap<>();
  private final Map<Long, Value> groupStarts = new HashMap<>();
  private @Nullable Value causalMask;
  private @Nullable Value single;

  /**
   * Derives what layers need from the positions of one row.
   *
   * @param positions {@code int64[S]}, consecutive
   * @param capacity how many tokens the caches hold
   */
  public DecoderInput(Blocks blocks, Value positions, int capacity) {
    this(blocks, Dim.ONE, positions, first(blocks, positions, capacity), null, null, capacity);
  }

  /**
   * Derives what layers need from the new tokens of several rows.
   *
   * @param rows the number of rows
   * @param columns {@code int64[S]}, where the caches take the new tokens; consecutive
   * @param start the first column, a number of the program
   * @param positions {@code int64[rows, S]}, by which tokens are turned; null where they are the
   *     columns
   * @param visible {@code bool[rows, n]}, n at least the capacity: false where a column is padding;
   *     null if none is
   * @param capacity how many tokens the caches hold
   */
  public DecoderInput(
      Blocks blocks,
      Dim rows,
      Value columns,
      Value start,
      @Nullable Value positions,
      @Nullable Value visible,
      int capacity) {
    this.blocks = blocks;
    this.rows = rows;
    this.columns = columns;
    this.start = start;
    this.rowPositions = positions;
    this.visible = visible;
    this.capacity = capacity;
  }

  private static Value first(Blocks blocks, Value positions, int capacity) {
    Author a = blocks.author();
    a.size(positions, 0);
    Symbol symbol = blocks.builder().freshSymbol("start", 0, capacity - 1);
    return a.item(a.slice(positions, 0, 0, 1), symbol);
  }

  /** Returns the number of rows. */
  public Dim rows() {
    return rows;
  }

  /** Returns where the caches take the new tokens, {@code int64[S]}. */
  public Value columns() {
    return columns;
  }

  /** Returns the positions of the new tokens, {@code int64[S]} or {@code int64[rows, S]}. */
  public Value positions() {
    return rowPositions == null ? columns : rowPositions;
  }

  /** Returns the first column, a number of the program. */
  public Value start() {
    return start;
  }

  /** Returns whether there is one new token, a truth value of the program. */
  Value isSingle() {
    Value known = single;
    if (known == null) {
      Author a = blocks.author();
      known = a.number("eq", a.operand(length()), Operand.of(1));
      single = known;
    }
    return known;
  }

  /**
   * Returns where {@code count} tokens would have to begin to end with the first new one, a number
   * of the program; less than 0 near the beginning.
   */
  Value startOfGroup(long count) {
    return groupStarts.computeIfAbsent(
        count, c -> blocks.author().number("sub", Operand.of(start), Operand.of(c - 1)));
  }

  /** Returns whether masks differ from row to row. */
  boolean masksRows() {
    return visible != null;
  }

  /** Returns the caches of the layers that were written so far. */
  public List<KvCache> caches() {
    return List.copyOf(caches);
  }

  /** Notes a layer's cache. */
  KvCache noted(KvCache cache) {
    caches.add(cache);
    return cache;
  }

  /** Returns the number of new tokens. */
  public Dim length() {
    return columns.tensorType().dim(0);
  }

  /** Returns how many tokens full caches hold. */
  public int capacity() {
    return capacity;
  }

  /** Returns the angles of the new tokens. */
  Rotary.Angles angles(Rotary rotary) {
    return angles.computeIfAbsent(
        rotary,
        r ->
            r.lengthDependent()
                ? r.angles(blocks, positions(), last())
                : r.angles(blocks, positions()));
  }

  /** Returns the angles of all slots of a full cache, for angles that depend on the length. */
  Rotary.Angles cacheAngles(Rotary rotary) {
    return cacheAngles.computeIfAbsent(
        rotary,
        r ->
            r.angles(
                blocks, rowPositions == null ? range(capacity) : positionsOfColumns(), last()));
  }

  /**
   * Returns the angles of all slots of a ring cache and of the new tokens behind it, for angles
   * that depend on the length.
   */
  Rotary.Angles ringAngles(Rotary rotary, int window) {
    Author a = blocks.author();
    Value places = a.cat(List.of(ringPositions(window), columns), 0);
    return rotary.angles(
        blocks,
        rowPositions == null ? places : ofPlaces(positionsOfColumns(), there(places)),
        last());
  }

  /** Returns the last position, {@code int64[1]}; if rows differ, {@code int64[rows, 1]}. */
  private Value last() {
    return rowPositions == null
        ? blocks.author().last(columns, 0)
        : blocks.author().last(rowPositions, 1);
  }

  /** Returns how many visible tokens of its row come before each column. */
  private Value positionsOfColumns() {
    Author a = blocks.author();
    Value known = a.slice(Objects.requireNonNull(visible), 1, 0, capacity);
    Value seen =
        blocks
            .builder()
            .callTyped(
                "aten::cumsum.out",
                List.of(Operand.of(known), Operand.of(1), Operand.of(DType.INT64.code())),
                new Type.TensorType(DType.INT64, known.tensorType().shape()));
    return there(a.add(seen, -1));
  }

  /** Returns the integers from 0, as a constant {@code int64[count]}. */
  Value range(int count) {
    return Range.of(blocks, count);
  }

  /**
   * Returns what is added to scores over a full cache: {@code float32[S, capacity]}, or {@code
   * float32[rows, 1, S, capacity]} if masks differ from row to row.
   */
  Value causalMask() {
    Value known = causalMask;
    if (known == null) {
      Author a = blocks.author();
      Value keys = a.view(range(capacity), Dim.ONE, Dim.of(capacity));
      Value before = a.compare("le", keys, column(columns));
      known =
          visible == null
              ? penalty(before)
              : penalty(before, a.slice(visible, 1, 0, capacity), Dim.of(capacity));
      causalMask = known;
    }
    return known;
  }

  /**
   * Returns what is added to scores over a ring cache of {@code window} slots followed by the new
   * tokens: {@code float32[S, window + S]}, or {@code float32[rows, 1, S, window + S]}.
   *
   * <p>Before the new tokens are stored, slot j holds the latest position p &lt; start with p mod
   * window = j: p = start - 1 - ((start - 1 - j) mod window). Negative ones are not there yet.
   */
  Value ringMask(int window) {
    return ringMasks.computeIfAbsent(
        window,
        w -> {
          Author a = blocks.author();
          Value queries = column(columns);
          Value positionsHeld = ringPositions(w);
          Value held = a.view(positionsHeld, Dim.ONE, Dim.of(w));
          Value inRing = a.and(a.compare("ge", held, 0), near(queries, held, w));
          Value keys = a.view(columns, Dim.ONE, length());
          Value amongNew = a.and(a.compare("le", keys, queries), near(queries, keys, w));
          Value all = a.cat(List.of(inRing, amongNew), 1);
          a.size(all, 1);
          return visible == null
              ? penalty(all)
              : penalty(all, visibleInRing(positionsHeld), Dim.of(w).plus(length()));
        });
  }

  /** Returns which slots of a ring and which new tokens are no padding. */
  private Value visibleInRing(Value positionsHeld) {
    Author a = blocks.author();
    Value places = there(a.cat(List.of(positionsHeld, columns), 0));
    return ofPlaces(Objects.requireNonNull(visible), places);
  }

  /** Returns places, 0 for those that are not there yet: they are hidden anyway. */
  private Value there(Value places) {
    return blocks
        .builder()
        .call("aten::clamp.out", Operand.of(places), Operand.of(0), Operand.none());
  }

  private Value ofPlaces(Value table, Value places) {
    return blocks
        .builder()
        .callTyped(
            "aten::index_select.out",
            List.of(Operand.of(table), Operand.of(1), Operand.of(places)),
            new Type.TensorType(
                table.tensorType().dtype(), List.of(rows, places.tensorType().dim(0))));
  }

  /** Returns the position that each slot of a ring cache holds, {@code int64[window]}. */
  Value ringPositions(int window) {
    Author a = blocks.author();
    Value before = a.add(a.slice(columns, 0, 0, 1), -1);
    // The window is added so that the dividend is never negative: remainder has its sign.
    Value age = a.remainder(a.add(a.sub(before, range(window)), window), window);
    return a.sub(before, age);
  }

  /** Returns how many of the new tokens a ring of {@code window} slots keeps. */
  Symbol ringCount(int window) {
    return ringCounts.computeIfAbsent(
        window,
        w ->
            blocks
                .builder()
                .freshSymbol("kept", Math.min(w, length().min()), Math.min(w, length().max())));
  }

  /** Returns the slots of a ring cache that the new tokens go to: those that it keeps. */
  Value ringSlots(int window) {
    return ringSlots.computeIfAbsent(
        window,
        w -> {
          Author a = blocks.author();
          return a.remainder(a.lastUpTo(columns, 0, w, ringCount(w)), w);
        });
  }

  private Value near(Value queries, Value keys, int window) {
    return blocks.author().compare("lt", blocks.author().sub(queries, keys), window);
  }

  private Value column(Value vector) {
    return blocks.author().view(vector, vector.tensorType().dim(0), Dim.ONE);
  }

  /** Returns 0 where a key is visible and minus infinity where it is not. */
  Value penalty(Value seen) {
    return penalty(seen, Float.NEGATIVE_INFINITY);
  }

  /**
   * Returns what is added to scores where masks differ from row to row. Padding sees nothing: a
   * finite penalty keeps what it computes finite.
   */
  private Value penalty(Value seen, Value visibleKeys, Dim keys) {
    Author a = blocks.author();
    Value ofRows = a.view(visibleKeys, rows, Dim.ONE, Dim.ONE, keys);
    Value ofColumns = a.view(seen, Dim.ONE, Dim.ONE, length(), keys);
    return penalty(a.and(ofRows, ofColumns), -Float.MAX_VALUE);
  }

  private Value penalty(Value seen, float hidden) {
    return blocks
        .builder()
        .call(
            "aten::where.self_out",
            Operand.of(seen),
            Operand.of(scalar("visible", 0)),
            Operand.of(scalar("hidden" + hidden, hidden)));
  }

  private Value scalar(String name, float value) {
    return blocks.constant(Weight.of("mask." + name, new float[] {value}, 1), DType.FLOAT32);
  }
}
