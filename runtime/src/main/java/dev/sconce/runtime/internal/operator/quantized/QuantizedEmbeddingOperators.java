package dev.sconce.runtime.internal.operator.quantized;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.UnsupportedCall;
import dev.sconce.runtime.internal.operator.aten.Operands;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.slot.TensorSlot;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings whose weights are quantized by row, or by groups of a row.
 *
 * <pre>
 *             ┌───────┬───────┐      ┌─────┬─────┬─────┬─────┐
 * 4 bits (+8) │ col 0 │ col 1 │ 2 (+2) │ c 3 │ c 2 │ c 1 │ c 0 │
 *             └───────┴───────┘      └─────┴─────┴─────┴─────┘
 *               7 … 4   3 … 0         7 6   5 4   3 2   1 0
 * </pre>
 */
public final class QuantizedEmbeddingOperators implements OperatorFamily {

  /** Reads one weight out of the bytes of a row. */
  @FunctionalInterface
  private interface Unpacking {
    long weight(Elements bytes, long row, int column);
  }

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    add(table, "embedding_byte", null, QuantizedEmbeddingOperators::whole);
    add(table, "embedding_4bit", DType.UINT8, QuantizedEmbeddingOperators::nibble);
    add(table, "embedding_2bit", DType.UINT8, QuantizedEmbeddingOperators::pair);
  }

  private static long whole(Elements bytes, long row, int column) {
    return bytes.getLong(row + column);
  }

  private static long nibble(Elements bytes, long row, int column) {
    long packed = bytes.getLong(row + (column >> 1));
    return ((column & 1) == 0 ? packed >> 4 : packed & 0xF) - 8;
  }

  private static long pair(Elements bytes, long row, int column) {
    return ((bytes.getLong(row + (column >> 2)) >> (2 * (column & 3))) & 3) - 2;
  }

  private static void add(
      RuledTable table, String name, @Nullable DType weights, Unpacking unpacking) {
    for (String overload : new String[] {".out", ".dtype_out"}) {
      table.add("quantized_decomposed::" + name + overload, call -> bind(call, weights, unpacking));
    }
  }

  private static Step bind(OperatorCall call, @Nullable DType weights, Unpacking unpacking) {
    TensorSlot weight = call.tensor(0);
    TensorSlot scales = call.tensor(1);
    TensorSlot zeroPoints = call.optionalTensor(2);
    TensorSlot indices = call.tensor(5);
    TensorSlot out = call.tensor(call.size() - 2);
    boolean known =
        weights == null
            ? weight.dtype() == DType.INT8 || weight.dtype() == DType.UINT8
            : weight.dtype() == weights;
    if (!known) {
      throw new UnsupportedCall("quantized weights of dtype " + weight.dtype());
    }
    return context -> {
      int columns = out.size(out.rank() - 1);
      int groups = scales.rank() == 2 ? scales.size(1) : 1;
      Operands.requireSize("weight_scales", scales, 0, weight.size(0));
      if (scales.rank() > 2 || groups == 0 || columns % groups != 0) {
        throw OperatorFailure.of(
            "weight_scales: expected groups that divide %d columns, found %s", columns, scales);
      }
      if (zeroPoints != null && !zeroPoints.hasSameSizes(scales)) {
        throw OperatorFailure.of(
            "weight_zero_points: expected the shape of %s, found %s", scales, zeroPoints);
      }
      Operands.requireIndices("indices", indices);
      Elements bytes = Elements.of(weight);
      Elements scale = Elements.of(scales);
      Elements zeroPoint = zeroPoints == null ? scale : Elements.of(zeroPoints);
      Elements index = Elements.of(indices);
      Elements target = Elements.of(out);
      int groupSize = columns / groups;
      for (long i = 0; i < indices.numel(); i++) {
        long row = Operands.exactIndex("weight", index.getLong(i), weight.size(0));
        long start = row * weight.size(1);
        for (int column = 0; column < columns; column++) {
          long group = row * groups + column / groupSize;
          float shift = zeroPoints == null ? 0 : zeroPoint.getFloat(group);
          float value = unpacking.weight(bytes, start, column) - shift;
          target.setFloat(i * columns + column, value * scale.getFloat(group));
        }
      }
    };
  }
}
