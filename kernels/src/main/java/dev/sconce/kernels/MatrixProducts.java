package dev.sconce.kernels;

import dev.sconce.base.InvalidInputException;
import dev.sconce.kernels.internal.ArrayKernel;
import dev.sconce.kernels.internal.FloatResults;
import dev.sconce.kernels.internal.KernelProvider;
import dev.sconce.kernels.internal.LinearJob;
import dev.sconce.kernels.internal.LinearKernel;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.PanelJob;
import dev.sconce.kernels.internal.PanelKernel;
import dev.sconce.kernels.internal.Partition;
import dev.sconce.kernels.internal.RowKernel;
import dev.sconce.kernels.internal.Scratch;
import dev.sconce.kernels.internal.WeightPacker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Products with packed weights: {@code y[M,N] = clamp(x[M,K] · W[N,K]ᵀ + bias[N])}.
 *
 * <p>Matrices are contiguous and float32 unless said otherwise. Results may not overlap operands.
 */
public final class MatrixProducts {

  private static final int CHUNK = 32;

  // The narrowest vector of bytes is wider than a narrow vector of floats has lanes.
  private static final int PADDING = 8;

  private final KernelProvider provider;
  private final ComputePool pool;
  private final Scratch scratch;

  MatrixProducts(KernelProvider provider, ComputePool pool, Scratch scratch) {
    this.provider = provider;
    this.pool = pool;
    this.scratch = scratch;
  }

  /**
   * Packs weights for these products.
   *
   * @param source the weights, which are not needed afterwards
   * @param arena owns the packed weights; must be accessible from all threads
   */
  public PackedWeights pack(WeightSource source, Arena arena) {
    int blocks = (source.outputs() + PackedWeights.BLOCK - 1) / PackedWeights.BLOCK;
    long stored = (long) blocks * PackedWeights.BLOCK;
    WeightEncoding encoding = source.encoding();
    int storedInputs =
        encoding.bits() == 4 ? (source.inputs() + CHUNK - 1) & -CHUNK : source.inputs();
    int groups = source.inputs() / source.groupSize();
    MemorySegment none = arena.allocate(0);
    MemorySegment values =
        arena.allocate(stored * storedInputs * encoding.bits() / 8 + PADDING, 64);
    MemorySegment scales =
        switch (encoding) {
          case FLOAT32, FLOAT16, BFLOAT16 -> none;
          case INT8_PER_CHANNEL, INT4_PER_CHANNEL -> arena.allocate(4 * stored, 64);
          case INT4_PER_GROUP -> arena.allocate(2 * stored * groups, 64);
        };
    MemorySegment offsets = encoding.quantized() ? arena.allocate(4 * stored, 64) : none;
    WeightPacker packer = new WeightPacker(source, values, scales, offsets);
    pool.run(Math.ceilDiv(blocks, WeightPacker.BAND), (band, slot) -> packer.packBand(band));
    MemorySegment bias = null;
    MemorySegment sourceBias = source.bias();
    if (sourceBias != null) {
      bias = arena.allocate(4 * stored, 64);
      WeightPacker.packBias(sourceBias, source.outputs(), bias);
    }
    return new PackedWeights(source, values, scales, offsets, bias);
  }

  /** Quantizes the rows of x [M, K] dynamically. */
  public void quantize(MemorySegment x, QuantizedRows to) {
    requireBytes("quantize", "x", x, 4L * to.rows() * to.columns());
    RowKernel rows = provider.rows();
    long stride = 4L * to.columns();
    pool.run(to.rows(), (row, slot) -> rows.quantize(x, row * stride, to, row));
  }

  /**
   * Multiplies float32 rows; for quantized encodings the rows are quantized dynamically first.
   *
   * @param weights W and bias
   * @param x [M, K]
   * @param rows M
   * @param y [M, N]
   * @param clamp bounds of the results
   */
  public void multiply(
      PackedWeights weights, MemorySegment x, int rows, MemorySegment y, Clamp clamp) {
    if (weights.encoding().quantized()) {
      MemorySegment memory =
          scratch.get(Scratch.Use.ACTIVATIONS, QuantizedRows.byteSize(rows, weights.inputs()));
      QuantizedRows quantized = new QuantizedRows(memory, rows, weights.inputs());
      quantize(x, quantized);
      multiply(weights, quantized, y, clamp);
      return;
    }
    requireBytes("multiply", "x", x, 4L * rows * weights.inputs());
    requireBytes("multiply", "y", y, 4L * rows * weights.outputs());
    run(
        new LinearJob(weights, x, 4L * weights.inputs(), null, y, 4L * weights.outputs(), clamp),
        rows);
  }

  /**
   * Multiplies rows that were quantized before.
   *
   * @param weights W and bias, in a quantized encoding
   * @param x [M, K]
   * @param y [M, N]
   * @param clamp bounds of the results
   */
  public void multiply(PackedWeights weights, QuantizedRows x, MemorySegment y, Clamp clamp) {
    if (!weights.encoding().quantized() || x.columns() != weights.inputs()) {
      throw new InvalidInputException(
          "multiply",
          "x",
          "rows of " + weights.inputs() + " for " + weights.encoding(),
          "quantized rows of " + x.columns());
    }
    requireBytes("multiply", "y", y, 4L * x.rows() * weights.outputs());
    long yStride = 4L * weights.outputs();
    if (provider.multipliesIntegers(weights.encoding(), x.rows())) {
      run(new LinearJob(weights, MemorySegment.NULL, 0, x, y, yStride, clamp), x.rows());
    } else {
      MemorySegment floats = scratch.get(Scratch.Use.OPERAND, 4L * x.rows() * x.columns());
      long stride = 4L * x.columns();
      RowKernel rows = provider.rows();
      pool.run(x.rows(), (row, slot) -> rows.dequantize(x, row, floats, row * stride));
      run(new LinearJob(weights, floats, stride, null, y, yStride, clamp), x.rows());
    }
  }

  private void run(LinearJob job, int rows) {
    LinearKernel kernel =
        job.quantized() == null
            ? provider.floatLinear(job.weights().encoding(), rows)
            : provider.integerLinear(job.weights().encoding(), rows);
    kernel.run(job, rows, pool);
  }

  /**
   * Multiplies matrices pairwise: {@code y[b] = a[b] · B[b]}, where B is b, or bᵀ if transposed.
   *
   * @param shape the sizes
   * @param a [batch, M, K], spaced as the shape says
   * @param b [batch, K, N], or [batch, N, K] if transposed, spaced as the shape says
   * @param y [batch, M, N], contiguous
   * @param clamp bounds of the results
   */
  public void multiplyBatch(
      BatchShape shape, MemorySegment a, MemorySegment b, MemorySegment y, Clamp clamp) {
    int rows = shape.rows();
    int inputs = shape.inputs();
    int columns = shape.columns();
    if (shape.batch() == 0 || rows == 0 || columns == 0) {
      return;
    }
    long aSpan = shape.a().span(shape.batch(), rows, inputs);
    long bSpan = shape.b().span(shape.batch(), shape.storedRows(), shape.storedColumns());
    requireBytes("multiplyBatch", "a", a, 4 * aSpan);
    requireBytes("multiplyBatch", "b", b, 4 * bSpan);
    requireBytes("multiplyBatch", "y", y, 4L * shape.batch() * rows * columns);
    if (rows == 1 && shape.batch() >= pool.size()) {
      pool.run(shape.batch(), (batch, slot) -> multiplyRow(shape, batch, a, b, y, clamp));
      return;
    }
    int blocks = Math.ceilDiv(columns, PanelKernel.COLUMNS);
    int threads = Math.ceilDiv(pool.size(), shape.batch());
    Partition partition = Partition.of(blocks, rows, threads);
    pool.run(
        Math.multiplyExact(shape.batch(), partition.tasks()),
        (index, slot) -> {
          int part = index % partition.tasks();
          PanelJob job = batchJob(shape, index / partition.tasks(), a, b, y, clamp);
          provider
              .panelProduct()
              .run(
                  job,
                  partition.firstBlock(part),
                  partition.endBlock(part),
                  partition.firstRow(part),
                  partition.endRow(part));
        });
  }

  // A row alone does not pay for panels: it goes along the right matrix as it lies there.
  private void multiplyRow(
      BatchShape shape, int batch, MemorySegment a, MemorySegment b, MemorySegment y, Clamp clamp) {
    int inputs = shape.inputs();
    int columns = shape.columns();
    float[] x = scratch.floats(Scratch.Use.ACTIVATIONS, inputs);
    MemorySegment.copy(a, Memory.FLOAT, 4 * (batch * shape.a().matrices()), x, 0, inputs);
    long bAt = 4 * (batch * shape.b().matrices());
    long bRow = 4 * shape.b().rows();
    long yAt = 4L * batch * columns;
    ArrayKernel arrays = provider.arrays();
    if (shape.transposed()) {
      float[] sums = scratch.floats(Scratch.Use.ACCUMULATORS, columns);
      arrays.dots(x, 0, inputs, b, bAt, bRow, 1, sums, 0, columns);
      MemorySegment.copy(sums, 0, y, Memory.FLOAT, yAt, columns);
    } else {
      arrays.weightedSum(x, 0, inputs, b, bAt, bRow, columns, y, yAt);
    }
    if (!clamp.isNone()) {
      for (long at = yAt; at < yAt + 4L * columns; at += 4) {
        Memory.setFloat(y, at, clamp.apply(Memory.getFloat(y, at)));
      }
    }
  }

  private PanelJob batchJob(
      BatchShape shape, int batch, MemorySegment a, MemorySegment b, MemorySegment y, Clamp clamp) {
    int inputs = shape.inputs();
    long aAt = 4 * (batch * shape.a().matrices());
    long bAt = 4 * (batch * shape.b().matrices());
    long aRow = 4 * shape.a().rows();
    long yAt = 4L * batch * shape.rows() * shape.columns();
    PanelJob.Rows rows =
        (first, end, x) -> {
          for (int row = first; row < end; row++) {
            int to = (row - first) * inputs;
            MemorySegment.copy(a, Memory.FLOAT, aAt + row * aRow, x, to, inputs);
          }
        };
    return new PanelJob(
        rows,
        (block, panel) -> BatchPanels.fill(shape, b, bAt, block, panel),
        new FloatResults(
            provider.panelEpilogue(), shape.columns(), null, y, yAt, 4L * shape.columns(), clamp),
        inputs,
        PanelJob.FLOAT_CHUNK);
  }

  static void requireBytes(String where, String argument, MemorySegment memory, long bytes) {
    if (!Memory.isOffHeap(memory)) {
      throw new InvalidInputException(where, argument, "off-heap memory", "memory of the heap");
    }
    if (memory.byteSize() < bytes) {
      throw new InvalidInputException(
          where, argument, "at least " + bytes + " bytes", "" + memory.byteSize());
    }
  }
}
