package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.Author;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/** Vectors of absolute positions that are added to token vectors. */
public sealed interface Positions {

  /**
   * Writes the vectors of an encoder's tokens.
   *
   * @param ids {@code int64[B, S]}
   * @param positions {@code int64[S]}, from 0
   * @param length the most tokens a sequence has
   * @return of a shape that broadcasts to {@code [B, S, width]}
   */
  Value ofSource(Blocks blocks, Value ids, Value positions, int length);

  /**
   * Writes the vectors of a decoder's new tokens.
   *
   * @param ids {@code int64[R, T]}
   * @param positions {@code int64[T]}
   * @param length the most tokens a sequence has
   * @return of a shape that broadcasts to {@code [R, T, width]}
   */
  Value ofTarget(Blocks blocks, Value ids, Value positions, int length);

  /** Writes the look-up of rows. */
  private static Value rows(Blocks blocks, Weight table, Value numbers) {
    return blocks
        .builder()
        .call(
            "aten::embedding.out",
            Operand.of(blocks.constant(table)),
            Operand.of(numbers),
            Operand.of(-1),
            Operand.of(false),
            Operand.of(false));
  }

  /**
   * A stored table.
   *
   * @param table one row a position, without rows that stand before position 0
   */
  record Stored(Weight table) implements Positions {
    @Override
    public Value ofSource(Blocks blocks, Value ids, Value positions, int length) {
      return rows(blocks, table.rows(0, length), positions);
    }

    @Override
    public Value ofTarget(Blocks blocks, Value ids, Value positions, int length) {
      return rows(blocks, table.rows(0, length), positions);
    }
  }

  /**
   * Sines and cosines, the sines in the first half, as Marian computes them.
   *
   * @param width the size of vectors
   */
  record Sinusoidal(int width) implements Positions {

    private static final double BASE = 10_000;

    @Override
    public Value ofSource(Blocks blocks, Value ids, Value positions, int length) {
      return rows(blocks, table(length), positions);
    }

    @Override
    public Value ofTarget(Blocks blocks, Value ids, Value positions, int length) {
      return rows(blocks, table(length), positions);
    }

    private Weight table(int length) {
      float[] values = new float[length * width];
      int sines = width - width / 2;
      for (int position = 0; position < length; position++) {
        for (int j = 0; j < width; j++) {
          double angle = position / Math.pow(BASE, (double) (j - j % 2) / width);
          int column = j % 2 == 0 ? j / 2 : sines + j / 2;
          values[position * width + column] =
              (float) (j % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
        }
      }
      return Weight.of("sinusoids.%d.%d".formatted(length, width), values, length, width);
    }
  }

  /**
   * Sines and cosines of numbers that start after the padding token's, as M2M-100 computes them.
   * Padding has the number of its token and no vector.
   *
   * <p>An encoder counts the tokens that are no padding. A decoder takes its positions, as the
   * model does when it generates token by token.
   *
   * @param width the size of vectors
   * @param padding the padding token
   */
  record SinusoidalAfterPadding(int width, int padding) implements Positions {

    private static final double BASE = 10_000;

    @Override
    public Value ofSource(Blocks blocks, Value ids, Value positions, int length) {
      Author a = blocks.author();
      Value real = a.to(a.compare("ne", ids, padding), DType.INT64);
      Value count =
          blocks
              .builder()
              .call("aten::cumsum.out", Operand.of(real), Operand.of(1), Operand.none());
      return rows(blocks, table(length), a.add(a.mul(count, real), padding));
    }

    @Override
    public Value ofTarget(Blocks blocks, Value ids, Value positions, int length) {
      Author a = blocks.author();
      Value real = a.to(a.compare("ne", ids, padding), DType.INT64);
      return rows(blocks, table(length), a.add(a.mul(real, a.add(positions, 1)), padding));
    }

    /** In float32 step by step, as torch computes it. */
    private Weight table(int length) {
      int rows = padding + 1 + length;
      int half = width / 2;
      float step = (float) -(Math.log(BASE) / (half - 1));
      float[] values = new float[rows * width];
      for (int row = 0; row < rows; row++) {
        for (int i = 0; row != padding && i < half; i++) {
          float angle = row * (float) Math.exp(i * step);
          values[row * width + i] = (float) Math.sin(angle);
          values[row * width + half + i] = (float) Math.cos(angle);
        }
      }
      String name = "sinusoids.%d.%d.after.%d".formatted(rows, width, padding);
      return Weight.of(name, values, rows, width);
    }
  }
}
