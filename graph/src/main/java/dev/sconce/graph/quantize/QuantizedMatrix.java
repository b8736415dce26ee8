package dev.sconce.graph.quantize;

import dev.sconce.base.BFloat16;
import dev.sconce.base.DType;
import dev.sconce.graph.ConstantData;
import dev.sconce.kernels.Kernels;
import dev.sconce.kernels.WeightSums;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A matrix of weights with a scheme; gives the integers and the scales as constants.
 *
 * <p>Scales are computed when they are first needed and forgotten once they are written, so that
 * the scales of one matrix are in memory at a time. Not thread-safe; uses threads of its own.
 */
public final class QuantizedMatrix {

  // 128 KB: what threads work on survives a collection of the smallest young generation. Larger
  // blocks were moved to the old one, which grew by a gigabyte of them in the export of a large
  // model.
  private static final int BLOCK_WEIGHTS = 1 << 15;

  private final WeightRows weights;
  private final WeightScheme scheme;
  private float @Nullable [] scales;
  private List<PartError> errors = List.of();

  /**
   * Creates a quantised matrix; nothing is read yet.
   *
   * @throws IllegalArgumentException if rows do not fall into whole groups
   */
  public QuantizedMatrix(WeightRows weights, WeightScheme scheme) {
    if (!scheme.divides(weights.columns())) {
      throw new IllegalArgumentException(
          "%s: rows of %d weights do not fall into groups of %d"
              .formatted(weights.identity(), weights.columns(), scheme.groupSize()));
    }
    this.weights = weights;
    this.scheme = scheme;
  }

  /** Returns the matrix that a constant is a part of; empty for constants of other kinds. */
  public static Optional<QuantizedMatrix> of(ConstantData data) {
    return data instanceof Part part ? Optional.of(part.matrix()) : Optional.empty();
  }

  /** Returns the weights before they are quantised. */
  public WeightRows weights() {
    return weights;
  }

  /** Returns the scheme. */
  public WeightScheme scheme() {
    return scheme;
  }

  /** Returns the number of scales a row has. */
  public int groupsPerRow() {
    return weights.columns() / scheme.groupLength(weights.columns());
  }

  /**
   * How far the integers and scales of one part are off.
   *
   * @param weights the part
   * @param relativeError the root of Σ(w - q·s)² / Σw², with scales before they are rounded
   */
  public record PartError(WeightRows weights, double relativeError) {}

  /** Returns the errors of the matrix's parts, known once the integers were written. */
  public List<PartError> errors() {
    return errors;
  }

  /** Returns the integers as a constant. */
  public ConstantData integers(Packing packing) {
    long size = Math.multiplyExact(packing.rowBytes(weights.columns()), (long) weights.rows());
    return new Part("integers " + packing, size, target -> writeIntegers(packing, target));
  }

  /**
   * Returns the scales as a constant.
   *
   * @param dtype float32, or bfloat16 rounded to nearest even as torch does
   */
  public ConstantData scales(DType dtype) {
    long count = (long) weights.rows() * groupsPerRow();
    return switch (dtype) {
      case FLOAT32 -> new Part("scales float32", count * Float.BYTES, this::writeFloatScales);
      case BFLOAT16 -> new Part("scales bfloat16", count * Short.BYTES, this::writeBFloatScales);
      default -> throw new IllegalArgumentException("scales cannot be stored as " + dtype);
    };
  }

  /**
   * Returns the weights that the integers and scales stand for: q · s, with scales as they are
   * stored. Keeps the scales in memory.
   *
   * @param dtype the element type of stored scales, as for {@link #scales(DType)}
   */
  public WeightRows dequantized(DType dtype) {
    boolean rounded = dtype == DType.BFLOAT16;
    float[] exact = computeScales();
    return new WeightRows() {
      @Override
      public int rows() {
        return weights.rows();
      }

      @Override
      public int columns() {
        return weights.columns();
      }

      @Override
      public void read(int firstRow, int count, float[] target) {
        weights.read(firstRow, count, target);
        int group = scheme.groupLength(columns());
        int start = firstRow * groupsPerRow();
        for (int g = 0; g < count * groupsPerRow(); g++) {
          float scale = exact[start + g];
          float stored = rounded ? BFloat16.toFloat(BFloat16.fromFloat(scale)) : scale;
          for (int i = g * group; i < (g + 1) * group; i++) {
            target[i] =
                Rounding.roundClamped(target[i] / scale, scheme.min(), scheme.max()) * stored;
          }
        }
      }

      @Override
      public String identity() {
        return weights.identity() + " as " + scheme;
      }
    };
  }

  @FunctionalInterface
  private interface Writer {
    void write(MemorySegment target);
  }

  private final class Part implements ConstantData {
    private final String what;
    private final long size;
    private final Writer writer;

    Part(String what, long size, Writer writer) {
      this.what = what;
      this.size = size;
      this.writer = writer;
    }

    QuantizedMatrix matrix() {
      return QuantizedMatrix.this;
    }

    @Override
    public long byteSize() {
      return size;
    }

    @Override
    public void writeTo(MemorySegment target) {
      writer.write(target);
    }

    @Override
    public String identity() {
      return "%s of %s as %s".formatted(what, weights.identity(), scheme);
    }
  }

  private float[] scales() {
    float[] known = scales;
    if (known == null) {
      known = computeScales();
      scales = known;
    }
    return known;
  }

  private float[] computeScales() {
    float[] all = new float[Math.multiplyExact(weights.rows(), groupsPerRow())];
    int start = 0;
    for (WeightRows part : weights.parts()) {
      GroupScales chooser = GroupScales.of(scheme, part.rows(), part.columns());
      forEachBlock(part, chooser::add);
      float[] found = chooser.finish();
      System.arraycopy(found, 0, all, start, found.length);
      start += found.length;
    }
    return all;
  }

  private void writeFloatScales(MemorySegment target) {
    float[] known = scales();
    MemorySegment.copy(
        known,
        0,
        target,
        ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
        0,
        known.length);
    scales = null;
  }

  private void writeBFloatScales(MemorySegment target) {
    float[] known = scales();
    ValueLayout.OfShort layout =
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < known.length; i++) {
      target.set(layout, (long) i * Short.BYTES, BFloat16.fromFloat(known[i]));
    }
    scales = null;
  }

  private void writeIntegers(Packing packing, MemorySegment target) {
    float[] known = scales();
    int columns = weights.columns();
    long rowBytes = packing.rowBytes(columns);
    List<PartError> found = new ArrayList<>();
    int start = 0;
    for (WeightRows part : weights.parts()) {
      ErrorSum error = new ErrorSum();
      int firstOfPart = start;
      forEachBlock(
          part,
          (block, first, count) -> {
            RowQuantizer quantizer = new RowQuantizer(known);
            for (int r = 0; r < count; r++) {
              int index = firstOfPart + first + r;
              byte[] row = quantizer.quantize(block, r * columns, index);
              packing.store(row, columns, target, index * rowBytes);
            }
            error.add(quantizer.squaredError, quantizer.squaredWeights);
          });
      found.add(new PartError(part, error.relative()));
      start += part.rows();
    }
    errors = List.copyOf(found);
  }

  /**
   * Rows of one block on their way; the loops run over whole rows, so that they become vector code.
   */
  private final class RowQuantizer {
    private final float[] known;
    private final int columns = weights.columns();
    private final float[] scale = new float[columns];
    private final float[] quotients = new float[columns];
    private final float[] differences = new float[columns];
    private final byte[] integers = new byte[columns];
    private final float[] chains = new float[WeightSums.LANES];
    private final WeightSums weightSums = Kernels.shared().weightSums();
    private double squaredError;
    private double squaredWeights;

    RowQuantizer(float[] known) {
      this.known = known;
    }

    byte[] quantize(float[] block, int start, int row) {
      int group = scheme.groupLength(columns);
      int groups = groupsPerRow();
      for (int g = 0; g < groups; g++) {
        Arrays.fill(scale, g * group, (g + 1) * group, known[row * groups + g]);
      }
      divide(block, start);
      for (int i = 0; i < columns; i++) {
        integers[i] = (byte) (int) quotients[i];
      }
      squaredError += weightSums.squares(differences, 0, columns, chains);
      squaredWeights += weightSums.squares(block, start, columns, chains);
      return integers;
    }

    private void divide(float[] block, int start) {
      float min = scheme.min();
      float max = scheme.max();
      for (int i = 0; i < columns; i++) {
        float q = Rounding.roundClamped(block[start + i] / scale[i], min, max);
        quotients[i] = q;
        differences[i] = block[start + i] - q * scale[i];
      }
    }
  }

  private static final class ErrorSum {
    private double error;
    private double total;

    synchronized void add(double squaredError, double squaredWeights) {
      error += squaredError;
      total += squaredWeights;
    }

    synchronized double relative() {
      return total == 0 ? 0 : Math.sqrt(error / total);
    }
  }

  @FunctionalInterface
  private interface BlockTask {
    void run(float[] block, int firstRow, int count);
  }

  private static void forEachBlock(WeightRows weights, BlockTask task) {
    int columns = weights.columns();
    int blockRows = Math.max(1, BLOCK_WEIGHTS / Math.max(1, columns));
    int blocks = Math.ceilDiv(weights.rows(), blockRows);
    IntStream.range(0, blocks)
        .parallel()
        .forEach(
            b -> {
              int first = b * blockRows;
              int count = Math.min(blockRows, weights.rows() - first);
              float[] block = new float[count * columns];
              weights.read(first, count, block);
              task.run(block, first, count);
            });
  }
}
