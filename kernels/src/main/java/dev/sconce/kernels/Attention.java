package dev.sconce.kernels;

import dev.sconce.kernels.internal.ArrayKernel;
import dev.sconce.kernels.internal.KernelProvider;
import dev.sconce.kernels.internal.Memory;
import dev.sconce.kernels.internal.PanelJob;
import dev.sconce.kernels.internal.PanelKernel;
import dev.sconce.kernels.internal.Scratch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Scaled dot-product attention {@code softmax(scale · q·kᵀ + mask) · v} of float32 tensors.
 *
 * <p>q and the result are [B, S, H, D]; k and v are [B, capacity, keyHeads, D], usually a cache.
 * Query head h reads key head {@code h / (H / keyHeads)}. A query that sees no key, or only keys
 * masked with -∞, gives NaN.
 */
public final class Attention {

  // With fewer queries, turning keys into panels costs more than it gains.
  private static final int MIN_PANEL_QUERIES = 8;
  private static final int QUERY_BLOCK = 64;

  private final KernelProvider provider;
  private final ComputePool pool;
  private final Scratch scratch;

  Attention(KernelProvider provider, ComputePool pool, Scratch scratch) {
    this.provider = provider;
    this.pool = pool;
    this.scratch = scratch;
  }

  /**
   * Computes attention.
   *
   * @param shape the sizes
   * @param scores scale, causality, mask
   * @param q [B, S, H, D]
   * @param k [B, capacity, keyHeads, D]
   * @param v [B, capacity, keyHeads, D]
   * @param y [B, S, H, D]
   */
  public void attend(
      AttentionShape shape,
      AttentionScores scores,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment y) {
    long queryBytes = 4L * shape.batch() * shape.queries() * shape.heads() * shape.size();
    long cacheBytes = 4L * shape.batch() * shape.capacity() * shape.keyHeads() * shape.size();
    MatrixProducts.requireBytes("attend", "q", q, queryBytes);
    MatrixProducts.requireBytes("attend", "k", k, cacheBytes);
    MatrixProducts.requireBytes("attend", "v", v, cacheBytes);
    MatrixProducts.requireBytes("attend", "y", y, queryBytes);
    MemorySegment mask = scores.mask();
    if (mask != null && shape.queries() > 0) {
      long elements = (shape.queries() - 1L) * scores.maskStride() + shape.keys();
      MatrixProducts.requireBytes("attend", "mask", mask, 4 * elements);
    }
    Call call = new Call(shape, scores, q, k, v, y);
    // A few queries share nothing, and may be all that there is to divide among threads.
    boolean few = shape.queries() < MIN_PANEL_QUERIES;
    int length = few ? 1 : QUERY_BLOCK;
    int blocks = Math.ceilDiv(shape.queries(), length);
    pool.run(
        Math.multiplyExact(Math.multiplyExact(shape.batch(), shape.heads()), blocks),
        (index, slot) -> {
          int head = index / blocks % shape.heads();
          int batch = index / blocks / shape.heads();
          int first = index % blocks * length;
          int end = Math.min(shape.queries(), first + length);
          if (few) {
            few(call, batch, head, first, end);
          } else {
            many(call, batch, head, first, end);
          }
        });
  }

  /** One call's operands, and where in them things are. */
  private record Call(
      AttentionShape shape,
      AttentionScores scores,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment y) {

    long query(int batch, int query, int head) {
      long row = ((long) batch * shape.queries() + query) * shape.heads() + head;
      return 4 * row * shape.size();
    }

    long keys(int batch, int head) {
      int keyHead = head / (shape.heads() / shape.keyHeads());
      return 4 * ((long) batch * shape.capacity() * shape.keyHeads() + keyHead) * shape.size();
    }

    long keyStride() {
      return 4L * shape.keyHeads() * shape.size();
    }
  }

  /** Query by query, straight from the cache. */
  private void few(Call call, int batch, int head, int first, int end) {
    AttentionShape shape = call.shape();
    ArrayKernel arrays = provider.arrays();
    int size = shape.size();
    float[] query = scratch.floats(Scratch.Use.ACTIVATIONS, size);
    float[] row = scratch.floats(Scratch.Use.SCORES, shape.keys());
    long keys = call.keys(batch, head);
    long stride = call.keyStride();
    float scale = call.scores().scale();
    for (int i = first; i < end; i++) {
      MemorySegment.copy(call.q(), Memory.FLOAT, call.query(batch, i, head), query, 0, size);
      int visible = call.scores().visible(i, shape.keys());
      arrays.dots(query, 0, size, call.k(), keys, stride, scale, row, 0, visible);
      maskAndSoftmax(call, i, row, 0, visible);
      long to = call.query(batch, i, head);
      arrays.weightedSum(row, 0, visible, call.v(), keys, stride, size, call.y(), to);
      if (visible == 0) {
        nan(call.y(), to, size);
      }
    }
  }

  private static void nan(MemorySegment y, long offset, int size) {
    for (int d = 0; d < size; d++) {
      Memory.setFloat(y, offset + 4L * d, Float.NaN);
    }
  }

  /** A block of queries: two matrix products. */
  private void many(Call call, int batch, int head, int first, int end) {
    AttentionShape shape = call.shape();
    int size = shape.size();
    // No query of the block sees what lies behind.
    int visible = call.scores().visible(end - 1, shape.keys());
    int rows = end - first;
    float[] scores = scratch.floats(Scratch.Use.SCORES, Math.multiplyExact(rows, visible));
    long keys = call.keys(batch, head);
    PanelJob.Rows queries =
        (from, to, x) -> {
          for (int i = from; i < to; i++) {
            long at = call.query(batch, first + i, head);
            MemorySegment.copy(call.q(), Memory.FLOAT, at, x, (i - from) * size, size);
          }
        };
    PanelJob.Panels keyPanels = (block, panel) -> keyPanel(call, keys, visible, block, panel);
    float scale = call.scores().scale();
    PanelJob.Results toScores =
        (row, block, sums, offset, firstChunk, lastChunk) -> {
          int column = block * PanelKernel.COLUMNS;
          int count = Math.min(PanelKernel.COLUMNS, visible - column);
          int at = row * visible + column;
          for (int i = 0; i < count; i++) {
            float sum = sums[offset + i] * scale;
            scores[at + i] = firstChunk ? sum : scores[at + i] + sum;
          }
        };
    int keyBlocks = Math.ceilDiv(visible, PanelKernel.COLUMNS);
    provider
        .panelProduct()
        .run(
            new PanelJob(queries, keyPanels, toScores, size, PanelJob.FLOAT_CHUNK),
            0,
            keyBlocks,
            0,
            rows);
    for (int i = 0; i < rows; i++) {
      maskAndSoftmax(call, first + i, scores, i * visible, visible);
    }
    PanelJob.Rows weights =
        (from, to, x) -> System.arraycopy(scores, from * visible, x, 0, (to - from) * visible);
    PanelJob.Panels valuePanels = (block, panel) -> valuePanel(call, keys, visible, block, panel);
    PanelJob.Results toY =
        (row, block, sums, offset, firstChunk, lastChunk) -> {
          int column = block * PanelKernel.COLUMNS;
          int count = Math.min(PanelKernel.COLUMNS, size - column);
          long to = call.query(batch, first + row, head) + 4L * column;
          if (firstChunk) {
            MemorySegment.copy(sums, offset, call.y(), Memory.FLOAT, to, count);
          } else {
            provider.panelEpilogue().add(sums, offset, count, Clamp.NONE, call.y(), to);
          }
        };
    provider
        .panelProduct()
        .run(
            new PanelJob(weights, valuePanels, toY, visible, PanelJob.FLOAT_CHUNK),
            0,
            Math.ceilDiv(size, PanelKernel.COLUMNS),
            0,
            rows);
    for (int i = first; i < end; i++) {
      if (call.scores().visible(i, visible) == 0) {
        nan(call.y(), call.query(batch, i, head), size);
      }
    }
  }

  private void maskAndSoftmax(Call call, int query, float[] scores, int offset, int keys) {
    MemorySegment mask = call.scores().mask();
    if (mask != null) {
      long from = 4L * query * call.scores().maskStride();
      for (int i = 0; i < keys; i++) {
        scores[offset + i] += Memory.getFloat(mask, from + 4L * i);
      }
    }
    int visible = call.scores().visible(query, keys);
    provider.arrays().softmax(scores, offset, visible);
    Arrays.fill(scores, offset + visible, offset + keys, 0);
  }

  /** Panel [D, 32]: 32 keys side by side. */
  private static void keyPanel(Call call, long keys, int visible, int block, float[] panel) {
    int size = call.shape().size();
    int first = block * PanelKernel.COLUMNS;
    int count = Math.min(PanelKernel.COLUMNS, visible - first);
    for (int j = 0; j < PanelKernel.COLUMNS; j++) {
      if (j >= count) {
        for (int d = 0; d < size; d++) {
          panel[d * PanelKernel.COLUMNS + j] = 0;
        }
      } else {
        long from = keys + (first + j) * call.keyStride();
        for (int d = 0; d < size; d++) {
          panel[d * PanelKernel.COLUMNS + j] = Memory.getFloat(call.k(), from + 4L * d);
        }
      }
    }
  }

  /** Panel [keys, 32]: 32 elements of every value. */
  private static void valuePanel(Call call, long values, int visible, int block, float[] panel) {
    int first = block * PanelKernel.COLUMNS;
    int count = Math.min(PanelKernel.COLUMNS, call.shape().size() - first);
    for (int j = 0; j < visible; j++) {
      long from = values + j * call.keyStride() + 4L * first;
      int to = j * PanelKernel.COLUMNS;
      MemorySegment.copy(call.v(), Memory.FLOAT, from, panel, to, count);
      Arrays.fill(panel, to + count, to + PanelKernel.COLUMNS, 0);
    }
  }
}
