package dev.sconce.export.checkpoint;

import dev.sconce.base.DType;
import dev.sconce.base.ExportException;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Type;
import dev.sconce.graph.quantize.WeightRows;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Numbers of a model: a tensor of the checkpoint, or one made of such by cutting, joining, turning
 * and scaling. Nothing is read before it is written.
 *
 * <p>Rows are the first dimension; a vector has rows of one column. Immutable.
 */
public final class Weight implements WeightRows {

  private final WeightRows source;
  private final int[] shape;

  private Weight(WeightRows source, int... shape) {
    this.source = source;
    this.shape = shape;
  }

  /** Returns a tensor of a checkpoint as it is. */
  public static Weight of(Weights.StoredTensor tensor) {
    return new Weight(tensor, Arrays.stream(tensor.shape()).mapToInt(Math::toIntExact).toArray());
  }

  /** Returns a weight of given numbers, row-major. */
  public static Weight of(String identity, float[] values, int... shape) {
    float[] copy = values.clone();
    int columns = columns(shape);
    return derive(
        identity,
        (first, count, target) ->
            System.arraycopy(copy, first * columns, target, 0, count * columns),
        shape);
  }

  /** Returns the weight that a constant was made of; empty for constants of other kinds. */
  public static Optional<Weight> of(ConstantData data) {
    return data instanceof DenseData dense ? Optional.of(dense.weight()) : Optional.empty();
  }

  /** Returns the sizes. */
  public int[] shape() {
    return shape.clone();
  }

  @Override
  public int rows() {
    return shape.length == 0 ? 1 : shape[0];
  }

  @Override
  public int columns() {
    return columns(shape);
  }

  private static int columns(int[] shape) {
    int product = 1;
    for (int i = 1; i < shape.length; i++) {
      product = Math.multiplyExact(product, shape[i]);
    }
    return product;
  }

  @Override
  public void read(int firstRow, int count, float[] target) {
    source.read(firstRow, count, target);
  }

  @Override
  public String identity() {
    return source.identity();
  }

  @Override
  public List<WeightRows> parts() {
    return source.parts();
  }

  /** Returns rows {@code from} to {@code to}. */
  public Weight rows(int from, int to) {
    int[] part = shape.clone();
    part[0] = to - from;
    return derive(
        "%s[%d:%d]".formatted(identity(), from, to),
        (first, count, target) -> read(from + first, count, target),
        part);
  }

  /** Returns the rows that the indices name, in their order. */
  public Weight gatherRows(String name, int[] indices) {
    int[] part = shape.clone();
    part[0] = indices.length;
    int columns = columns();
    return derive(
        identity() + "[" + name + "]",
        (first, count, target) -> {
          float[] row = new float[columns];
          for (int r = 0; r < count; r++) {
            read(indices[first + r], 1, row);
            System.arraycopy(row, 0, target, r * columns, columns);
          }
        },
        part);
  }

  /** Returns the matrix with rows and columns exchanged. */
  public Weight transposed() {
    if (shape.length != 2) {
      throw new IllegalStateException("expected a matrix, found shape " + Arrays.toString(shape));
    }
    int rows = shape[0];
    int columns = shape[1];
    return derive(
        identity() + "ᵀ",
        (first, count, target) -> {
          float[] row = new float[columns];
          for (int r = 0; r < rows; r++) {
            read(r, 1, row);
            for (int c = 0; c < count; c++) {
              target[c * rows + r] = row[first + c];
            }
          }
        },
        columns,
        rows);
  }

  /** Returns the same numbers under another shape with as many rows or as many elements. */
  public Weight reshaped(int... newShape) {
    int oldColumns = columns();
    int newColumns = columns(newShape);
    if ((long) rows() * oldColumns != (long) Math.max(1, newShape[0]) * newColumns) {
      throw new IllegalArgumentException(
          "cannot reshape %s to %s".formatted(Arrays.toString(shape), Arrays.toString(newShape)));
    }
    return derive(
        identity() + Arrays.toString(newShape),
        (first, count, target) ->
            readElements((long) first * newColumns, target, count * newColumns),
        newShape);
  }

  /** Reads consecutive elements, whatever rows they lie in. */
  private void readElements(long start, float[] target, int count) {
    int columns = columns();
    int firstRow = Math.toIntExact(start / columns);
    int lastRow = Math.toIntExact((start + count - 1) / columns);
    float[] rows = new float[(lastRow - firstRow + 1) * columns];
    read(firstRow, lastRow - firstRow + 1, rows);
    System.arraycopy(rows, Math.toIntExact(start - (long) firstRow * columns), target, 0, count);
  }

  /** Returns every number times a factor. */
  public Weight times(double factor) {
    return mapped("·" + factor, value -> (float) (value * factor));
  }

  /** Returns every number plus a constant. */
  public Weight plus(double addend) {
    return mapped("+" + addend, value -> (float) (value + addend));
  }

  @FunctionalInterface
  private interface FloatFunction {
    float apply(float value);
  }

  private Weight mapped(String what, FloatFunction function) {
    int columns = columns();
    return derive(
        identity() + what,
        (first, count, target) -> {
          read(first, count, target);
          for (int i = 0; i < count * columns; i++) {
            target[i] = function.apply(target[i]);
          }
        },
        shape);
  }

  /** Returns weights of equal columns, one below the other. */
  public static Weight stacked(List<Weight> parts) {
    int[] shape = parts.getFirst().shape.clone();
    shape[0] = parts.stream().mapToInt(Weight::rows).sum();
    return derive(
        parts.stream().map(Weight::identity).collect(Collectors.joining("⊕")),
        List.copyOf(parts),
        (first, count, target) -> {
          int columns = columns(shape);
          int done = 0;
          int start = 0;
          for (Weight part : parts) {
            int from = Math.max(first + done, start);
            int take = Math.min(start + part.rows(), first + count) - from;
            if (take > 0) {
              float[] rows = new float[take * columns];
              part.read(from - start, take, rows);
              System.arraycopy(rows, 0, target, done * columns, take * columns);
              done += take;
            }
            start += part.rows();
          }
        },
        shape);
  }

  /** Returns the numbers as a constant of a floating element type. */
  public ConstantData data(DType dtype) {
    return new DenseData(this, dtype);
  }

  /** Returns the type of the constant. */
  public Type.TensorType type(DType dtype) {
    return Type.TensorType.of(dtype, Arrays.stream(shape).asLongStream().toArray());
  }

  /** Returns all numbers; for small weights. */
  public float[] toArray() {
    float[] values = new float[Math.multiplyExact(rows(), columns())];
    read(0, rows(), values);
    return values;
  }

  /**
   * Returns the only number.
   *
   * @throws ExportException if there are more
   */
  public float scalar() {
    float[] values = toArray();
    if (values.length != 1) {
      throw new ExportException("tensor '" + identity() + "'", "expected one number");
    }
    return values[0];
  }

  @FunctionalInterface
  private interface Reader {
    void read(int firstRow, int count, float[] target);
  }

  private static Weight derive(String identity, Reader reader, int... shape) {
    return derive(identity, List.of(), reader, shape);
  }

  private static Weight derive(
      String identity, List<WeightRows> parts, Reader reader, int... shape) {
    int rows = shape.length == 0 ? 1 : shape[0];
    int columns = columns(shape);
    return new Weight(
        new WeightRows() {
          @Override
          public int rows() {
            return rows;
          }

          @Override
          public int columns() {
            return columns;
          }

          @Override
          public void read(int firstRow, int count, float[] target) {
            reader.read(firstRow, count, target);
          }

          @Override
          public String identity() {
            return identity;
          }

          @Override
          public List<WeightRows> parts() {
            return parts.isEmpty() ? List.of(this) : parts;
          }
        },
        shape);
  }
}
