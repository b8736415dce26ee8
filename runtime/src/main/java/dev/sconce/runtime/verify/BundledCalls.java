package dev.sconce.runtime.verify;

import dev.sconce.format.bpte.BundledProgram;
import dev.sconce.format.bpte.BundledValue;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tests of a bundled program as calls. */
final class BundledCalls {

  private BundledCalls() {}

  static RecordedCall call(String method, BundledProgram.Case test) {
    List<@Nullable List<Integer>> orders = new ArrayList<>();
    for (BundledValue value : test.expected()) {
      orders.add(
          value instanceof BundledValue.TensorValue tensor && tensor.sizes().size() > 0
              ? tensor.dimOrder()
              : null);
    }
    return new RecordedCall(method, values(test.inputs()), values(test.expected()), orders);
  }

  private static List<EValue> values(List<BundledValue> values) {
    return values.stream().map(BundledCalls::value).toList();
  }

  private static EValue value(BundledValue value) {
    return switch (value) {
      case BundledValue.IntValue(long number) -> EValue.from(number);
      case BundledValue.DoubleValue(double number) -> EValue.from(number);
      case BundledValue.BoolValue(boolean bool) -> EValue.from(bool);
      case BundledValue.TensorValue tensor ->
          EValue.from(
              Tensor.ofSegment(
                  tensor.dtype(),
                  tensor.data().memory(),
                  tensor.sizes().ints().asLongStream().toArray(),
                  tensor.dimOrder().toIntArray()));
    };
  }
}
