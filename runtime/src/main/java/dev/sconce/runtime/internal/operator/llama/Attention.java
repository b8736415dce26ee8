package dev.sconce.runtime.internal.operator.llama;

import dev.sconce.base.DType;
import dev.sconce.kernels.AttentionScores;
import dev.sconce.kernels.AttentionShape;
import dev.sconce.kernels.Kernels;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.operator.aten.Operands;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code softmax(scale · q kᵀ + mask) v}, a query and head at a time. Heads of keys and values may
 * serve several heads of queries.
 *
 * <p>Without a mask, queries see the first {@code start + length} keys, causal ones as many as
 * stand before them and themselves; with a mask, all keys. A query that sees nothing gives NaN, as
 * in PyTorch.
 */
final class Attention {

  private final TensorSlot query;
  private final TensorSlot key;
  private final TensorSlot value;
  private final int sequence;
  private final int head;
  private final AttentionOperators.@Nullable Quantization quantization;
  private final Kernels kernels;

  /**
   * Checks that the three fit together.
   *
   * @param sequence the dimension of positions, 1 or 2; heads have the other one
   */
  Attention(
      TensorSlot query,
      TensorSlot key,
      TensorSlot value,
      int sequence,
      AttentionOperators.@Nullable Quantization quantization,
      Kernels kernels) {
    this.kernels = kernels;
    this.query = query;
    this.key = key;
    this.value = value;
    this.sequence = sequence;
    this.head = 3 - sequence;
    this.quantization = quantization;
    Operands.requireRank("query", query, 4);
    Operands.requireRank("key", key, 4);
    Operands.requireRank("value", value, 4);
    for (TensorSlot tensor : new TensorSlot[] {key, value}) {
      String name = tensor == key ? "key" : "value";
      Operands.requireSize(name, tensor, 0, query.size(0));
      Operands.requireSize(name, tensor, 3, query.size(3));
      Operands.requireSize(name, tensor, head, key.size(head));
      Operands.requireSize(name, tensor, sequence, key.size(sequence));
    }
    if (key.size(head) == 0 || query.size(head) % key.size(head) != 0) {
      throw OperatorFailure.of(
          "query: expected heads in multiples of the %d of key, found %s", key.size(head), query);
    }
  }

  void attend(
      @Nullable TensorSlot mask,
      long start,
      boolean causal,
      @Nullable ScalarSlot scale,
      TensorSlot out) {
    int length = query.size(sequence);
    int width = query.size(3);
    long keys = mask == null ? start + length : key.size(sequence);
    // Queries that are not causal may begin before the first key: what counts is where they end.
    boolean before = causal ? start < 0 : mask == null && keys < 1;
    if (before || keys > key.size(sequence)) {
      throw OperatorFailure.of(
          "start_pos: expected %d queries to fit in %d keys, found position %d",
          length, key.size(sequence), start);
    }
    if (mask != null) {
      Operands.requireRank("attn_mask", mask, 2);
      if (mask.size(0) < length || mask.size(1) < keys) {
        throw OperatorFailure.of("attn_mask: expected %d rows of %d, found %s", length, keys, mask);
      }
    }
    double factor = scale == null ? 1 / Math.sqrt(width) : scale.toDouble();
    if (suitsKernel(mask, out)) {
      attendFast((int) keys, (int) start, causal, (float) factor, mask, out);
      return;
    }
    Reader queries =
        reader(
            query,
            quantization == null ? null : quantization.queryScales(),
            quantization == null ? null : quantization.queryZeroPoints());
    Reader keyRows =
        reader(
            key,
            quantization == null ? null : quantization.keyScales(),
            quantization == null ? null : quantization.keyZeroPoints());
    Reader values =
        reader(
            value,
            quantization == null ? null : quantization.valueScales(),
            quantization == null ? null : quantization.valueZeroPoints());
    Elements bias = mask == null ? null : Elements.of(mask);
    Elements target = Elements.of(out);
    int shared = query.size(head) / key.size(head);
    double[] row = new double[width];
    double[] other = new double[width];
    double[] sums = new double[width];
    double[] scores = new double[Math.toIntExact(keys)];
    for (int batch = 0; batch < query.size(0); batch++) {
      for (int h = 0; h < query.size(head); h++) {
        for (int q = 0; q < length; q++) {
          int seen = causal ? (int) Math.min(keys, start + q + 1) : (int) keys;
          queries.read(batch, q, h, row);
          double largest = Double.NEGATIVE_INFINITY;
          for (int k = 0; k < seen; k++) {
            keyRows.read(batch, k, h / shared, other);
            double score = factor * dot(row, other);
            if (bias != null && mask != null) {
              score += bias.getDouble(q * mask.stride(0) + k * mask.stride(1));
            }
            scores[k] = score;
            largest = Math.max(largest, score);
          }
          double total = 0;
          Arrays.fill(sums, 0);
          for (int k = 0; k < seen; k++) {
            double weight = Math.exp(scores[k] - largest);
            total += weight;
            values.read(batch, k, h / shared, other);
            for (int i = 0; i < width; i++) {
              sums[i] += weight * other[i];
            }
          }
          long at = batch * out.stride(0) + q * out.stride(sequence) + h * out.stride(head);
          for (int i = 0; i < width; i++) {
            target.setDouble(at + i * out.stride(3), sums[i] / total);
          }
        }
      }
    }
  }

  // The kernel knows contiguous float32 with heads inside of positions: what language models have.
  private boolean suitsKernel(@Nullable TensorSlot mask, TensorSlot out) {
    boolean suits = sequence == 1 && quantization == null && query.size(3) > 0;
    for (TensorSlot tensor : new TensorSlot[] {query, key, value, out}) {
      suits &= tensor.dtype() == DType.FLOAT32 && tensor.isContiguous();
    }
    return suits && (mask == null || (mask.dtype() == DType.FLOAT32 && mask.isContiguous()));
  }

  private void attendFast(
      int keys,
      int start,
      boolean causal,
      float factor,
      @Nullable TensorSlot mask,
      TensorSlot out) {
    AttentionShape shape =
        new AttentionShape(
            query.size(0),
            query.size(1),
            query.size(2),
            key.size(2),
            query.size(3),
            keys,
            key.size(1));
    AttentionScores scores =
        mask == null
            ? new AttentionScores(factor, causal, start, null, 0)
            : AttentionScores.masked(factor, mask.data(), mask.size(1));
    kernels.attention().attend(shape, scores, query.data(), key.data(), value.data(), out.data());
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Reads the vector of one position and head. */
  @FunctionalInterface
  private interface Reader {
    void read(int batch, int position, int head, double[] into);
  }

  private Reader reader(
      TensorSlot tensor, @Nullable TensorSlot scales, @Nullable TensorSlot zeroPoints) {
    Elements elements = Elements.of(tensor);
    Reader plain =
        (batch, position, h, into) -> {
          long at = offset(tensor, batch, position, h);
          for (int i = 0; i < into.length; i++) {
            into[i] = elements.getDouble(at + i * tensor.stride(3));
          }
        };
    if (scales == null || zeroPoints == null) {
      return plain;
    }
    for (int dim = 0; dim < 3; dim++) {
      Operands.requireSize("scales", scales, dim, tensor.size(dim));
      Operands.requireSize("zero_points", zeroPoints, dim, tensor.size(dim));
    }
    Operands.requireSize("scales", scales, 3, 1);
    Operands.requireSize("zero_points", zeroPoints, 3, 1);
    Elements scale = Elements.of(scales);
    Elements zeroPoint = Elements.of(zeroPoints);
    return (batch, position, h, into) -> {
      plain.read(batch, position, h, into);
      double factor = scale.getDouble(offset(scales, batch, position, h));
      double zero = zeroPoint.getDouble(offset(zeroPoints, batch, position, h));
      for (int i = 0; i < into.length; i++) {
        into[i] = (into[i] - zero) * factor;
      }
    };
  }

  private long offset(TensorSlot tensor, int batch, int position, int h) {
    return batch * tensor.stride(0) + position * tensor.stride(sequence) + h * tensor.stride(head);
  }
}
