package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.Author;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Symbol;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all layers of a decoder share in one call: the positions of the new tokens, and what is
 * derived from them once (angles, masks). Not thread-safe; lives as long as the graph is built.
 */
public final class DecoderInput {

  private final Blocks blocks;
  private final Value positions;
  private final Value start;
  private final int capacity;
  private final Map<Rotary, Rotary.Angles> angles = new HashMap<>();
  private final Map<Rotary, Rotary.Angles> cacheAngles = new HashMap<>();
  private final Map<Integer, Value> ringMasks = new HashMap<>();
  private final Map<Integer, Value> ringSlots = new HashMap<>();
  private final Map<Integer, Symbol> ringCounts = new HashMap<>();
  private @Nullable Value causalMask;

  /**
   * Derives what layers need from the positions.
   *
   * @param positions {@code int64[S]}, consecutive
   * @param capacity how many tokens the caches hold
   */
  public DecoderInput(Blocks blocks, Value positions, int capacity) {
    this.blocks = blocks;
    this.positions = positions;
    this.capacity = capacity;
    Author a = blocks.author();
    a.size(positions, 0);
    Symbol symbol = blocks.builder().freshSymbol("start", 0, capacity - 1);
    this.start = a.item(a.slice(positions, 0, 0, 1), symbol);
  }

  /** Returns the positions, {@code int64[S]}. */
  public Value positions() {
    return positions;
  }

  /** Returns the first position, a number of the program. */
  public Value start() {
    return start;
  }

  /** Returns the number of new tokens. */
  public Dim length() {
    return positions.tensorType().dim(0);
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
                ? r.angles(blocks, positions, last())
                : r.angles(blocks, positions));
  }

  /** Returns the angles of all slots of a full cache, for angles that depend on the length. */
  Rotary.Angles cacheAngles(Rotary rotary) {
    return cacheAngles.computeIfAbsent(rotary, r -> r.angles(blocks, range(capacity), last()));
  }

  /** Returns angles of any positions, for angles that depend on the length. */
  Rotary.Angles angles(Rotary rotary, Value anyPositions) {
    return rotary.angles(blocks, anyPositions, last());
  }

  private Value last() {
    return blocks.author().last(positions, 0);
  }

  /** Returns the integers from 0, as a constant {@code int64[count]}. */
  Value range(int count) {
    return blocks
        .builder()
        .parameter("range." + count, Type.TensorType.of(DType.INT64, count), new Range(count));
  }

  private record Range(int count) implements ConstantData {
    @Override
    public long byteSize() {
      return (long) count * Long.BYTES;
    }

    @Override
    public void writeTo(MemorySegment target) {
      ValueLayout.OfLong layout =
          ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        target.set(layout, (long) i * Long.BYTES, i);
      }
    }

    @Override
    public String identity() {
      return "integers below " + count;
    }
  }

  /** Returns what is added to scores over a full cache: {@code float32[S, capacity]}. */
  Value causalMask() {
    Value known = causalMask;
    if (known == null) {
      Author a = blocks.author();
      Value keys = a.view(range(capacity), Dim.ONE, Dim.of(capacity));
      known = penalty(a.compare("le", keys, column(positions)));
      causalMask = known;
    }
    return known;
  }

  /**
   * Returns what is added to scores over a ring cache of {@code window} slots followed by the new
   * tokens: {@code float32[S, window + S]}.
   *
   * <p>Before the new tokens are stored, slot j holds the latest position p &lt; start with p mod
   * window = j: p = start - 1 - ((start - 1 - j) mod window). Negative ones are not there yet.
   */
  Value ringMask(int window) {
    return ringMasks.computeIfAbsent(
        window,
        w -> {
          Author a = blocks.author();
          Value queries = column(positions);
          Value held = a.view(ringPositions(w), Dim.ONE, Dim.of(w));
          Value inRing = a.and(a.compare("ge", held, 0), near(queries, held, w));
          Value keys = a.view(positions, Dim.ONE, length());
          Value amongNew = a.and(a.compare("le", keys, queries), near(queries, keys, w));
          Value all = a.cat(List.of(inRing, amongNew), 1);
          a.size(all, 1);
          return penalty(all);
        });
  }

  /** Returns the position that each slot of a ring cache holds, {@code int64[window]}. */
  Value ringPositions(int window) {
    Author a = blocks.author();
    Value before = a.add(a.slice(positions, 0, 0, 1), -1);
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
          return a.remainder(a.lastUpTo(positions, 0, w, ringCount(w)), w);
        });
  }

  private Value near(Value queries, Value keys, int window) {
    return blocks.author().compare("lt", blocks.author().sub(queries, keys), window);
  }

  private Value column(Value vector) {
    return blocks.author().view(vector, vector.tensorType().dim(0), Dim.ONE);
  }

  /** Returns 0 where a key is visible and minus infinity where it is not. */
  private Value penalty(Value visible) {
    return blocks
        .builder()
        .call(
            "aten::where.self_out",
            Operand.of(visible),
            Operand.of(scalar("visible", 0)),
            Operand.of(scalar("hidden", Float.NEGATIVE_INFINITY)));
  }

  private Value scalar(String name, float value) {
    return blocks.constant(Weight.of("mask." + name, new float[] {value}, 1), DType.FLOAT32);
  }
}
