package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * A bias on scores that depends on the distance of key and query, learned for buckets of distances
 * (T5): half of the buckets hold one distance each, the others grow logarithmically.
 *
 * <p>The bias of every distance is looked up at export, so that a program reads one table.
 *
 * @param table one row a bucket, one column a head
 * @param maxDistance the distance from which on all fall into the last bucket
 * @param bidirectional whether keys after the query have buckets of their own; otherwise they are
 *     hidden
 */
public record RelativeBias(Weight table, int maxDistance, boolean bidirectional) {

  /**
   * Writes the bias of all pairs.
   *
   * @param queries positions, {@code int64[n]}
   * @param keys positions, {@code int64[m]}
   * @param length one more than the largest position
   * @return {@code float32[heads, n, m]}
   */
  Value apply(Blocks blocks, Value queries, Value keys, int length) {
    Author a = blocks.author();
    Dim n = queries.tensorType().dim(0);
    Dim m = keys.tensorType().dim(0);
    Value distances = a.sub(a.view(keys, Dim.ONE, m), a.view(queries, n, Dim.ONE));
    Value columns = a.view(a.add(distances, length - 1), n.times(m));
    Value byDistance = blocks.constant(byDistance(length), DType.FLOAT32);
    Dim heads = Dim.of(table.columns());
    Value picked =
        blocks
            .builder()
            .callTyped(
                "aten::index_select.out",
                List.of(Operand.of(byDistance), Operand.of(1), Operand.of(columns)),
                new Type.TensorType(DType.FLOAT32, List.of(heads, n.times(m))));
    return a.view(picked, heads, n, m);
  }

  /** One row a head, one column a distance from 1 - length to length - 1. */
  private Weight byDistance(int length) {
    int heads = table.columns();
    float[] learned = table.toArray();
    int distances = 2 * length - 1;
    float[] bias = new float[heads * distances];
    for (int i = 0; i < distances; i++) {
      int distance = i - (length - 1);
      boolean hidden = !bidirectional && distance > 0;
      int bucket = hidden ? 0 : bucket(distance);
      for (int head = 0; head < heads; head++) {
        bias[head * distances + i] =
            hidden ? Float.NEGATIVE_INFINITY : learned[bucket * heads + head];
      }
    }
    String name =
        "%s by distance below %d%s"
            .formatted(table.identity(), length, bidirectional ? "" : ", causal");
    return Weight.of(name, bias, heads, distances);
  }

  /** {@code _relative_position_bucket} of transformers, in float32 as there. */
  private int bucket(int distance) {
    int buckets = bidirectional ? table.rows() / 2 : table.rows();
    int first = bidirectional && distance > 0 ? buckets : 0;
    int away = Math.abs(distance);
    int exact = buckets / 2;
    if (away < exact) {
      return first + away;
    }
    float share =
        (float) Math.log((float) away / exact) / (float) Math.log((double) maxDistance / exact);
    int large = exact + (int) (share * (buckets - exact));
    return first + Math.min(large, buckets - 1);
  }
}
