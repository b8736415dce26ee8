package dev.sconce.export.generation;

import dev.sconce.base.DType;
import dev.sconce.export.block.Blocks;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * L'Ecuyer's combined generator in int64: every runtime draws the same numbers from the same seed.
 * {@link dev.sconce.generate.CombinedGenerator} is the same on the host.
 *
 * <pre>
 * s  = seed mod 2^31                    r the row
 * x1 = 1 + (s + r)       mod 2147483562
 * x2 = 1 + (s + 69621·r) mod 2147483398
 * per number:  x1 = 40014·x1 mod 2147483563,  x2 = 40692·x2 mod 2147483399
 *              z = (x1 - x2 + 2147483562) mod 2147483562,  u = (z div 128) / 2^24
 * </pre>
 */
public final class RandomNumbers {

  private static final long FIRST_MODULUS = 2147483563L;
  private static final long SECOND_MODULUS = 2147483399L;
  private static final double FIRST_FACTOR = 40014;
  private static final double SECOND_FACTOR = 40692;
  private static final long SEED_MODULUS = 1L << 31;
  private static final double ROW_FACTOR = 69621;

  private final Blocks blocks;
  private final Dim rows;
  private final Value first;
  private final Value second;

  /** Declares the state, one pair of integers a row. */
  public RandomNumbers(Blocks blocks, Dim rows) {
    this.blocks = blocks;
    this.rows = rows;
    Type.TensorType type = new Type.TensorType(DType.INT64, List.of(rows, Dim.ONE));
    this.first = blocks.builder().buffer("random.first", type);
    this.second = blocks.builder().buffer("random.second", type);
  }

  /**
   * Writes the setting of the state.
   *
   * @param seed {@code int64[1]}
   */
  public void seed(Value seed) {
    Author a = blocks.author();
    // The remainder has the sign of the dividend in C.
    Value positive = a.add(a.remainder(seed, SEED_MODULUS), SEED_MODULUS);
    Value s = a.view(a.remainder(positive, SEED_MODULUS), Dim.ONE, Dim.ONE);
    Value row = row();
    set(first, a.add(s, row), FIRST_MODULUS - 1);
    set(second, a.add(s, a.mul(row, ROW_FACTOR)), SECOND_MODULUS - 1);
  }

  /** Returns the number of each row, {@code int64[rows, 1]}. */
  private Value row() {
    Author a = blocks.author();
    Value numbers =
        blocks
            .builder()
            .callTyped(
                "aten::arange.out",
                List.of(a.operand(rows)),
                new Type.TensorType(DType.INT64, List.of(rows)));
    return a.view(numbers, rows, Dim.ONE);
  }

  private void set(Value state, Value sum, long modulus) {
    Value rest = blocks.author().remainder(sum, modulus);
    blocks
        .builder()
        .callInto(state, "aten::add.Scalar_out", Operand.of(rest), Operand.of(1), Operand.of(1));
  }

  /**
   * Writes the drawing of a number from 0 up to, but without, 1 for every row.
   *
   * @param resting {@code bool[rows, 1]}, true at rows whose state does not advance
   * @return {@code float64[rows, 1]}
   */
  public Value next(Value resting) {
    Author a = blocks.author();
    Value x1 = advance(first, FIRST_FACTOR, FIRST_MODULUS, resting);
    Value x2 = advance(second, SECOND_FACTOR, SECOND_MODULUS, resting);
    Value difference = a.add(a.sub(x1, x2), FIRST_MODULUS - 1);
    Value z = a.to(a.remainder(difference, FIRST_MODULUS - 1), DType.FLOAT64);
    // Exact: z is below 2^31.
    return a.mul(a.unary("floor", a.mul(z, 1.0 / 128)), 1.0 / (1 << 24));
  }

  private Value advance(Value state, double factor, long modulus, Value resting) {
    Author a = blocks.author();
    GraphBuilder builder = blocks.builder();
    Value next = a.remainder(a.mul(state, factor), modulus);
    Value kept = a.where(resting, state, next);
    builder.copyInto(state, kept);
    return kept;
  }

  /** Writes the reordering of the state by rows. */
  public void reorder(Value order) {
    for (Value state : List.of(first, second)) {
      Value moved =
          blocks
              .builder()
              .call("aten::index_select.out", Operand.of(state), Operand.of(0), Operand.of(order));
      blocks.builder().copyInto(state, moved);
    }
  }
}
