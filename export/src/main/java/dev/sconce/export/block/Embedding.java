package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.graph.quantize.Packing;
import dev.sconce.graph.quantize.QuantizedMatrix;
import dev.sconce.graph.quantize.WeightScheme;
import java.util.Optional;

/**
 * A table of vectors, looked up by number.
 *
 * @param table one row a number
 */
public record Embedding(Weight table) {

  /** Writes the look-up: the rows that the integers name. */
  public Value apply(Blocks blocks, Value ids) {
    Optional<WeightScheme> scheme =
        blocks.options().quantization().embedding(table.identity(), table.columns());
    return scheme.map(s -> quantized(blocks, ids, s)).orElseGet(() -> plain(blocks, ids));
  }

  private Value plain(Blocks blocks, Value ids) {
    return blocks
        .builder()
        .call(
            "aten::embedding.out",
            Operand.of(blocks.constant(table)),
            Operand.of(ids),
            Operand.of(-1),
            Operand.of(false),
            Operand.of(false));
  }

  private Value quantized(Blocks blocks, Value ids, WeightScheme scheme) {
    QuantizedMatrix matrix = new QuantizedMatrix(table, scheme);
    boolean nibbles = scheme.bits() == 4;
    ConstantData integers = matrix.integers(nibbles ? Packing.NIBBLES_EVEN_HIGH : Packing.BYTES);
    Type.TensorType type =
        nibbles
            ? Type.TensorType.of(DType.UINT8, table.rows(), table.columns() / 2)
            : Type.TensorType.of(DType.INT8, table.rows(), table.columns());
    Value weight = blocks.builder().parameter(table.identity(), type, integers);
    Value scales =
        blocks
            .builder()
            .parameter(
                table.identity() + ".scales",
                Type.TensorType.of(DType.FLOAT32, table.rows(), matrix.groupsPerRow()),
                matrix.scales(DType.FLOAT32));
    Value rows =
        blocks
            .builder()
            .call(
                nibbles
                    ? "quantized_decomposed::embedding_4bit.out"
                    : "quantized_decomposed::embedding_byte.out",
                Operand.of(weight),
                Operand.of(scales),
                Operand.none(),
                Operand.of(scheme.min()),
                Operand.of(scheme.max()),
                Operand.of(ids));
    return blocks.author().to(rows, blocks.options().dtype());
  }
}
