package dev.sconce.export.internal.check;

import dev.sconce.base.DType;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import dev.sconce.graph.quantize.LinearData;
import dev.sconce.graph.quantize.WeightRows;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.OperatorRunner;
import dev.sconce.runtime.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Linear layers and embeddings over parameters, a few rows of the matrix at a time; quantised ones
 * with the numbers that their integers stand for.
 */
final class ParameterProducts {

  private static final int BLOCK_WEIGHTS = 1 << 22;

  private final ParameterReader parameters;

  private final boolean quantizedInputs;

  ParameterProducts(ParameterReader parameters, boolean quantizedInputs) {
    this.parameters = parameters;
    this.quantizedInputs = quantizedInputs;
  }

  /** Returns the result of a call of such an operator; empty for other calls. */
  Optional<Tensor> result(Node.Call call, Function<Value, Tensor> tensors) {
    return switch (call.operator().fullName()) {
      case "aten::linear.out" -> linear(call, tensors);
      case "aten::embedding.out" -> embedding(call, 0, 1, tensors);
      case "quantized_decomposed::embedding_byte.out", "quantized_decomposed::embedding_4bit.out" ->
          embedding(call, 0, 5, tensors);
      default -> Optional.empty();
    };
  }

  private static Value value(Node.Call call, int operand) {
    if (call.operand(operand) instanceof Operand.Of(Value value)) {
      return value;
    }
    throw new IllegalArgumentException("expected a tensor, found " + call.operand(operand));
  }

  private Optional<Tensor> linear(Node.Call call, Function<Value, Tensor> tensors) {
    Value matrix = value(call, 1);
    return parameters.rows(matrix).map(rows -> linear(call, rows, matrix, tensors));
  }

  private Tensor linear(
      Node.Call call, WeightRows rows, Value matrix, Function<Value, Tensor> tensors) {
    Tensor x = tensors.apply(value(call, 0));
    DType dtype = x.dtype();
    int columns = rows.columns();
    double[] given = x.toDoubles();
    float[] read = new float[given.length];
    for (int i = 0; i < read.length; i++) {
      read[i] = (float) given[i];
    }
    if (quantizedInputs
        && parameters.linear(matrix).filter(LinearData::quantizedInput).isPresent()) {
      DynamicQuantization.apply(read, columns);
    }
    int count = read.length / columns;
    Tensor input = ParameterReader.tensor(read, dtype, count, columns);
    int outputs = rows.rows();
    double[] result = new double[Math.multiplyExact(count, outputs)];
    double @Nullable [] bias =
        call.operand(2) instanceof Operand.Of(Value b) ? tensors.apply(b).toDoubles() : null;
    int block = Math.max(1, BLOCK_WEIGHTS / columns);
    for (int first = 0; first < outputs; first += block) {
      int width = Math.min(block, outputs - first);
      EValue part = EValue.from(ParameterReader.tensor(rows, first, width, dtype));
      EValue shift =
          bias == null
              ? EValue.none()
              : EValue.from(
                  Tensor.of(dtype, Arrays.copyOfRange(bias, first, first + width), width));
      Tensor product =
          OperatorRunner.run(
                  call.operator().fullName(),
                  List.of(EValue.from(input), part, shift),
                  List.of(EValue.from(Tensor.zeros(dtype, count, width))))
              .getFirst()
              .toTensor();
      double[] values = product.toDoubles();
      for (int row = 0; row < count; row++) {
        System.arraycopy(values, row * width, result, row * outputs + first, width);
      }
    }
    long[] shape = x.shape();
    shape[shape.length - 1] = outputs;
    return Tensor.of(dtype, result, shape);
  }

  private Optional<Tensor> embedding(
      Node.Call call, int table, int indices, Function<Value, Tensor> tensors) {
    return parameters
        .rows(value(call, table))
        .map(
            rows -> {
              Tensor ids = tensors.apply(value(call, indices));
              double[] numbers = ids.toDoubles();
              float[] found = new float[Math.multiplyExact(numbers.length, rows.columns())];
              float[] row = new float[rows.columns()];
              for (int i = 0; i < numbers.length; i++) {
                rows.read((int) numbers[i], 1, row);
                System.arraycopy(row, 0, found, i * row.length, row.length);
              }
              long[] shape = Arrays.copyOf(ids.shape(), ids.rank() + 1);
              shape[ids.rank()] = rows.columns();
              return ParameterReader.tensor(found, call.result().tensorType().dtype(), shape);
            });
  }
}
