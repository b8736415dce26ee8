package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Rotary position embeddings in the form that turns the first half of a head against the second.
 *
 * <p>Models that turn neighbouring dimensions have the rows of their query and key matrices
 * permuted at export ({@link #halvesOfPairs}): scores do not change when both are permuted alike.
 */
public final class Rotary {

  private final RotaryFrequencies frequencies;
  private final int maxLength;

  /**
   * Creates an embedding.
   *
   * @param maxLength one more than the largest position
   */
  public Rotary(RotaryFrequencies frequencies, int maxLength) {
    this.frequencies = frequencies;
    this.maxLength = maxLength;
  }

  /** Returns whether the angles depend on the length, so that keys must be cached unturned. */
  public boolean lengthDependent() {
    return frequencies.lengthDependent();
  }

  /**
   * The cosines and sines of some positions, each {@code [n, 1, dims]} or {@code [rows, n, 1,
   * dims]}: shared by all layers that turn alike.
   *
   * @param cos the cosines, once for each half
   * @param sin the sines, negative for the first half
   */
  public record Angles(Value cos, Value sin) {

    /** Writes the doubling of {@code [n, 1, dims / 2]}. */
    static Angles ofHalves(Blocks blocks, Value cos, Value sin) {
      Author a = blocks.author();
      int last = cos.tensorType().rank() - 1;
      return new Angles(
          a.cat(List.of(cos, cos), last), a.cat(List.of(a.unary("neg", sin), sin), last));
    }
  }

  /** Writes the look-up of the angles of positions {@code int64[n]} or {@code int64[rows, n]}. */
  public Angles angles(Blocks blocks, Value positions) {
    if (lengthDependent()) {
      throw new IllegalStateException("angles depend on the length: give the last position");
    }
    int half = frequencies.dims() / 2;
    float[] inverse = frequencies.at(maxLength);
    float[] cos = new float[maxLength * half];
    float[] sin = new float[maxLength * half];
    for (int position = 0; position < maxLength; position++) {
      for (int i = 0; i < half; i++) {
        float angle = position * inverse[i];
        cos[position * half + i] = scaled(Math.cos(angle));
        sin[position * half + i] = scaled(Math.sin(angle));
      }
    }
    String name = "rotary." + Integer.toHexString(java.util.Arrays.hashCode(cos));
    return Angles.ofHalves(
        blocks,
        rows(blocks, name + ".cos", cos, positions),
        rows(blocks, name + ".sin", sin, positions));
  }

  private float scaled(double value) {
    return (float) value * (float) frequencies.attentionFactor();
  }

  private Value rows(Blocks blocks, String name, float[] table, Value positions) {
    int half = frequencies.dims() / 2;
    Value constant = blocks.constant(Weight.of(name, table, maxLength, half), DType.FLOAT32);
    Value rows =
        blocks
            .builder()
            .call(
                "aten::embedding.out",
                Operand.of(constant),
                Operand.of(positions),
                Operand.of(-1),
                Operand.of(false),
                Operand.of(false));
    List<Dim> shape = new ArrayList<>(positions.tensorType().shape());
    shape.add(Dim.ONE);
    shape.add(Dim.of(half));
    return blocks.author().view(rows, shape);
  }

  /**
   * Writes the computation of the angles of positions for sequences that end at given positions.
   *
   * @param positions {@code int64[n]} or {@code int64[rows, n]}
   * @param last {@code int64[1]} or {@code int64[rows, 1]}, the last position of each sequence
   */
  public Angles angles(Blocks blocks, Value positions, Value last) {
    Author a = blocks.author();
    int half = frequencies.dims() / 2;
    float[] byLast = new float[maxLength * half];
    for (int position = 0; position < maxLength; position++) {
      System.arraycopy(frequencies.at(position + 1), 0, byLast, position * half, half);
    }
    String name = "rotary." + Integer.toHexString(java.util.Arrays.hashCode(byLast));
    Value inverse = rows(blocks, name, byLast, last);
    List<Dim> column = new ArrayList<>(positions.tensorType().shape());
    column.addAll(List.of(Dim.ONE, Dim.ONE));
    Value angles = a.mul(a.view(a.to(positions, DType.FLOAT32), column), inverse);
    double factor = frequencies.attentionFactor();
    return Angles.ofHalves(
        blocks, a.mul(a.unary("cos", angles), factor), a.mul(a.unary("sin", angles), factor));
  }

  /**
   * Writes the turning of heads.
   *
   * <pre>
   * first' = first·cos - second·sin        second' = second·cos + first·sin
   *
   * [first', second'] = [first, second]·[cos, cos] + [second, first]·[-sin, sin]
   * </pre>
   *
   * @param x {@code [B, n, heads, headDim]}
   */
  public Value turn(Blocks blocks, Value x, Angles angles) {
    Author a = blocks.author();
    int dims = frequencies.dims();
    long headDim = x.tensorType().dim(-1).value();
    DType dtype = x.tensorType().dtype();
    Value part = a.to(dims == headDim ? x : a.slice(x, 3, 0, dims), DType.FLOAT32);
    Value exchanged =
        a.cat(List.of(a.slice(part, 3, dims / 2, dims), a.slice(part, 3, 0, dims / 2)), 3);
    Value turned = a.to(a.add(a.mul(part, angles.cos()), a.mul(exchanged, angles.sin())), dtype);
    return dims == headDim ? turned : a.cat(List.of(turned, a.slice(x, 3, dims, headDim)), 3);
  }

  /**
   * Returns the order of a matrix's rows that makes pairs of neighbours halves: of every head first
   * the even dimensions of the rotated part, then the odd ones, then the rest.
   */
  public static int[] halvesOfPairs(int heads, int headDim, int dims) {
    int[] order = new int[heads * headDim];
    for (int head = 0; head < heads; head++) {
      int start = head * headDim;
      for (int i = 0; i < dims / 2; i++) {
        order[start + i] = start + 2 * i;
        order[start + dims / 2 + i] = start + 2 * i + 1;
      }
      for (int i = dims; i < headDim; i++) {
        order[start + i] = start + i;
      }
    }
    return order;
  }
}
