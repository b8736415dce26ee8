package dev.sconce.ops;

import dev.sconce.base.DType;
import java.util.List;

/** Rules of {@code quantized_decomposed::}. */
final class QuantizationRules {

  private QuantizationRules() {}

  static void addTo(ResultRules.Table table) {
    for (String name :
        List.of(
            "quantize_per_tensor.out",
            "quantize_per_tensor.Tensor_out",
            "quantize_per_token.out",
            "quantize_per_channel.out",
            "dequantize_per_tensor.out",
            "dequantize_per_tensor.Tensor_out",
            "dequantize_per_token.out",
            "dequantize_per_channel.out")) {
      table.add("quantized_decomposed::" + name, QuantizationRules::sameShape);
    }
    table.add(
        "quantized_decomposed::add.out",
        arguments -> {
          TensorSpec a = arguments.tensor(0);
          Shape shape = ElementwiseRules.shape(arguments, 5, a.shape(), arguments.tensor(5));
          return List.of(new TensorSpec(a.dtype(), shape));
        });
    table.add(
        "quantized_decomposed::choose_qparams.Tensor_out",
        arguments ->
            List.of(
                new TensorSpec(DType.FLOAT64, Shape.of(1)),
                new TensorSpec(DType.INT64, Shape.of(1))));
    table.add(
        "quantized_decomposed::choose_qparams_per_token_asymmetric.out",
        arguments -> {
          Shape input = arguments.tensor(0).shape();
          if (input.rank() == 0) {
            throw arguments.invalid(0, "a tensor with dimensions", input.toString());
          }
          Shape tokens = input.with(input.rank() - 1, 1);
          return List.of(
              new TensorSpec(DType.FLOAT64, tokens), new TensorSpec(DType.INT64, tokens));
        });
    addEmbedding(table, "embedding_byte", 1);
    addEmbedding(table, "embedding_4bit", 2);
    addEmbedding(table, "embedding_2bit", 4);
    table.add(
        "quantized_decomposed::mixed_mm.out",
        arguments -> List.of(LinearAlgebraRules.matrixProduct(arguments, 0, 1)));
    table.add(
        "quantized_decomposed::mixed_linear.out",
        arguments -> {
          TensorSpec input = arguments.tensor(0);
          TensorSpec weight = arguments.tensor(1);
          LinearAlgebraRules.requireRank(arguments, 0, input, 2);
          LinearAlgebraRules.requireRank(arguments, 1, weight, 2);
          if (input.shape().size(1) != weight.shape().size(1)) {
            throw arguments.invalid(1, "rows of " + input.shape().size(1), weight.toString());
          }
          DType dtype = arguments.isAbsent(4) ? input.dtype() : arguments.dtype(4);
          return List.of(new TensorSpec(dtype, input.shape().with(1, weight.shape().size(0))));
        });
  }

  private static List<TensorSpec> sameShape(OperatorArguments arguments) {
    int out = arguments.schema().arguments().size() - 1;
    return List.of(new TensorSpec(arguments.tensor(out).dtype(), arguments.tensor(0).shape()));
  }

  private static void addEmbedding(ResultRules.Table table, String name, int perByte) {
    String full = "quantized_decomposed::" + name;
    table.add(full + ".out", arguments -> List.of(embedding(arguments, perByte, DType.FLOAT32)));
    table.add(
        full + ".dtype_out",
        arguments ->
            List.of(
                embedding(
                    arguments,
                    perByte,
                    arguments.isAbsent(6) ? DType.FLOAT32 : arguments.dtype(6))));
  }

  private static TensorSpec embedding(OperatorArguments arguments, int perByte, DType dtype) {
    TensorSpec weight = arguments.tensor(0);
    LinearAlgebraRules.requireRank(arguments, 0, weight, 2);
    Shape indices = arguments.tensor(5).shape();
    long width = Math.multiplyExact(weight.shape().size(1), (long) perByte);
    return new TensorSpec(dtype, indices.insert(indices.rank(), width));
  }
}
