package dev.sconce.graph.quantize;

import dev.sconce.base.BFloat16;
import dev.sconce.base.DType;
import dev.sconce.graph.ConstantData;
import dev.sconce.kernels.Kernels;
import dev.sconce.kernels.WeightSums;
import dev.sconce.kernels.WeightSums.IntegerRange;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A matrix of weights with a scheme; gives the integers and the scales as constants.
 *
 * <p>Scales are computed when they are first needed and forgotten once they are written, so that
 * the scales of one matrix are in memory at a time. They lie outside of the heap: there, what large
 * arrays leave behind stays until the heap is full. Not thread-safe; uses threads of its own.
 */
public final class QuantizedMatrix {

  private final WeightRows weights;
  private final WeightScheme scheme;
  private @Nullable Arena arena;
  private MemorySegment scales = MemorySegment.NULL;
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
    MemorySegment exact = Arena.ofAuto().allocate(scaleBytes(), Float.BYTES);
    computeScales(exact);
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
        long start = (long) firstRow * groupsPerRow();
        for (int g = 0; g < count * groupsPerRow(); g++) {
          float scale = exact.get(GroupScales.FLOAT, (start + g) * Float.BYTES);
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
    public void release() {
      forgetScales();
    }

    @Override
    public String identity() {
      return what + " of " + weights.identity() + " as " + scheme;
    }
  }

  private long scaleBytes() {
    return (long) weights.rows() * groupsPerRow() * Float.BYTES;
  }

  private MemorySegment scales() {
    if (arena == null) {
      arena = Arena.ofShared();
      scales = arena.allocate(scaleBytes(), Float.BYTES);
      computeScales(scales);
    }
    return scales;
  }

  private void forgetScales() {
    Arena known = arena;
    if (known != null) {
      known.close();
      arena = null;
      scales = MemorySegment.NULL;
    }
  }

  private void computeScales(MemorySegment all) {
    long start = 0;
    for (WeightRows part : weights.parts()) {
      long size = (long) part.rows() * groupsPerRow() * Float.BYTES;
      GroupScales chooser = GroupScales.of(scheme, part.columns(), all.asSlice(start, size));
      Blocks.forEach(part, chooser::worker);
      chooser.finish();
      start += size;
    }
  }

  private void writeFloatScales(MemorySegment target) {
    target.copyFrom(scales());
    forgetScales();
  }

  private void writeBFloatScales(MemorySegment target) {
    MemorySegment known = scales();
    ValueLayout.OfShort layout =
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < known.byteSize() / Float.BYTES; i++) {
      float scale = known.get(GroupScales.FLOAT, i * Float.BYTES);
      target.set(layout, i * Short.BYTES, BFloat16.fromFloat(scale));
    }
    forgetScales();
  }

  private void writeIntegers(Packing packing, MemorySegment target) {
    MemorySegment known = scales();
    List<PartError> found = new ArrayList<>();
    int start = 0;
    for (WeightRows part : weights.parts()) {
      ErrorSum error = new ErrorSum();
      int firstOfPart = start;
      Blocks.forEach(part, () -> new RowQuantizer(known, packing, target, firstOfPart, error));
      found.add(new PartError(part, error.relative()));
      start += part.rows();
    }
    errors = List.copyOf(found);
  }

  /** Turns the rows of a part into integers. */
  private final class RowQuantizer implements Blocks.Worker {
    private final MemorySegment known;
    private final Packing packing;
    private final MemorySegment target;
    private final int firstOfPart;
    private final ErrorSum error;
    private final int columns = weights.columns();
    private final int group = scheme.groupLength(columns);
    private final IntegerRange range = new IntegerRange(scheme.min(), scheme.max());
    private final int[] integers = new int[columns];
    private final float[] chains = new float[2 * WeightSums.LANES];
    private final WeightSums weightSums = Kernels.shared().weightSums();

    RowQuantizer(
        MemorySegment known,
        Packing packing,
        MemorySegment target,
        int firstOfPart,
        ErrorSum error) {
      this.known = known;
      this.packing = packing;
      this.target = target;
      this.firstOfPart = firstOfPart;
      this.error = error;
    }

    @Override
    public void work(float[] block, int firstRow, int rows) {
      double squaredError = 0;
      double squaredWeights = 0;
      for (int r = 0; r < rows; r++) {
        int row = firstOfPart + firstRow + r;
        Arrays.fill(chains, 0);
        round(block, r * columns, row);
        packing.store(integers, columns, target, row * packing.rowBytes(columns));
        squaredError += WeightSums.joined(chains, 0);
        squaredWeights += WeightSums.joined(chains, WeightSums.LANES);
      }
      error.add(squaredError, squaredWeights);
    }

    private void round(float[] block, int start, int row) {
      long scaleAt = (long) row * (columns / group) * Float.BYTES;
      for (int at = 0; at < columns; at += group, scaleAt += Float.BYTES) {
        float scale = known.get(GroupScales.FLOAT, scaleAt);
        weightSums.round(block, start + at, group, scale, range, integers, at, chains);
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
}
