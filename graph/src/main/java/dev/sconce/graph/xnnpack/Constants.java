package dev.sconce.graph.xnnpack;

import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import dev.sconce.graph.quantize.LinearData;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The data of a graph's parameters, by value. */
final class Constants {

  private final Map<Value, ConstantData> data = new HashMap<>();

  Constants(Graph graph) {
    graph.parameters().forEach(p -> data.put(p.value(), p.data()));
  }

  Map<Value, ConstantData> all() {
    return data;
  }

  boolean isConstant(Value value) {
    return data.containsKey(value);
  }

  /** Returns the data of a matrix that shall be quantised. */
  Optional<LinearData> quantized(Value value) {
    return data.get(value) instanceof LinearData linear ? Optional.of(linear) : Optional.empty();
  }

  static Value tensor(Operand operand) {
    if (operand instanceof Operand.Of(Value value)) {
      return value;
    }
    throw new IllegalArgumentException("expected a tensor, found " + operand);
  }
}
