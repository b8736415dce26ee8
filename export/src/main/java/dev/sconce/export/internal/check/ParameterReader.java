package dev.sconce.export.internal.check;

import dev.sconce.base.BFloat16;
import dev.sconce.base.DType;
import dev.sconce.base.HalfFloat;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.export.recipe.internal.evaluate.Calls;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Parameter;
import dev.sconce.graph.Value;
import dev.sconce.graph.quantize.LinearData;
import dev.sconce.graph.quantize.QuantizedMatrix;
import dev.sconce.graph.quantize.WeightRows;
import dev.sconce.runtime.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads the parameters of a graph when they are needed: matrices a few rows at a time, other
 * constants as a whole. Nothing but the scales of quantised matrices stays in memory.
 */
final class ParameterReader {

  private final Map<Value, Parameter> parameters = new HashMap<>();
  private final Map<Value, Optional<WeightRows>> matrices = new HashMap<>();

  ParameterReader(Graph graph) {
    graph.parameters().forEach(p -> parameters.put(p.value(), p));
  }

  /** Returns whether any layer quantises what it reads. */
  boolean quantizesInputs() {
    return parameters.values().stream()
        .anyMatch(p -> p.data() instanceof LinearData linear && linear.quantizedInput());
  }

  /** Returns how a matrix is quantised for a backend; empty if it is not. */
  Optional<LinearData> linear(Value value) {
    Parameter parameter = parameters.get(value);
    return parameter != null && parameter.data() instanceof LinearData linear
        ? Optional.of(linear)
        : Optional.empty();
  }

  /**
   * Returns the numbers that a matrix stands for, to be read by rows; empty if the value is no
   * parameter, or one of another kind.
   */
  Optional<WeightRows> rows(Value value) {
    Parameter parameter = parameters.get(value);
    return parameter == null
        ? Optional.empty()
        : matrices.computeIfAbsent(value, _ -> rows(parameter.data()));
  }

  private static Optional<WeightRows> rows(ConstantData data) {
    if (data instanceof LinearData linear) {
      return Optional.of(linear.matrix().dequantized(linear.scaleType()));
    }
    Optional<WeightRows> quantized =
        QuantizedMatrix.of(data).map(matrix -> matrix.dequantized(DType.FLOAT32));
    return quantized.or(() -> Weight.of(data));
  }

  /** Returns a parameter as a whole. */
  Tensor read(Value value) {
    Parameter parameter = Objects.requireNonNull(parameters.get(value));
    return Calls.tensor(value.tensorType(), parameter.data());
  }

  /** Returns rows of a matrix as a tensor of a floating type. */
  static Tensor tensor(WeightRows rows, int first, int count, DType dtype) {
    float[] values = new float[Math.multiplyExact(count, rows.columns())];
    rows.read(first, count, values);
    return tensor(values, dtype, count, rows.columns());
  }

  /** Returns numbers as a tensor of a floating type. */
  static Tensor tensor(float[] values, DType dtype, long... shape) {
    if (dtype == DType.FLOAT32) {
      return Tensor.of(values, shape);
    }
    double[] rounded = new double[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] =
          dtype == DType.FLOAT16
              ? Float.float16ToFloat(HalfFloat.fromFloat(values[i]))
              : BFloat16.toFloat(BFloat16.fromFloat(values[i]));
    }
    return Tensor.of(dtype, rounded, shape);
  }
}
