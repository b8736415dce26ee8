package dev.sconce.cli.internal.diff;

import dev.sconce.cli.internal.inspect.Calls;
import dev.sconce.cli.internal.inspect.Values;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.BoolListValue;
import dev.sconce.format.pte.PteValue.BoolValue;
import dev.sconce.format.pte.PteValue.DoubleListValue;
import dev.sconce.format.pte.PteValue.DoubleValue;
import dev.sconce.format.pte.PteValue.IntListValue;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.NullValue;
import dev.sconce.format.pte.PteValue.OptionalTensorListValue;
import dev.sconce.format.pte.PteValue.StringValue;
import dev.sconce.format.pte.PteValue.TensorListValue;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a value of a method is, whatever its number: two values with equal keys can stand for each
 * other. Constants are known by their content, others by their type.
 */
final class ValueKeys {

  private final ProgramSide side;
  private final Calls calls;

  /** Computed once each: one list may be named by every instruction. */
  private final @Nullable Object[] keys;

  ValueKeys(ProgramSide side, Calls calls) {
    this.side = side;
    this.calls = calls;
    this.keys = new Object[calls.plan().values().size()];
  }

  Object of(int value) {
    Object key = keys[value];
    if (key == null) {
      key = compute(value);
      keys[value] = key;
    }
    return key;
  }

  private Object compute(int index) {
    PteValue value = calls.plan().values().get(index);
    if (calls.isVariable(index) && !(value instanceof TensorValue)) {
      return "variable " + Values.kind(value);
    }
    return switch (value) {
      case TensorValue tensor -> tensor(tensor);
      case IntListValue list -> list.items().longs().mapToObj(i -> of((int) i)).toList();
      case TensorListValue(Ints items) -> tensors(items);
      case OptionalTensorListValue(Ints items) -> tensors(items);
      case NullValue _,
          IntValue _,
          BoolValue _,
          DoubleValue _,
          StringValue _,
          DoubleListValue _,
          BoolListValue _ ->
          value;
    };
  }

  private List<Object> tensors(Ints items) {
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      keys.add(items.at(i) < 0 ? "None" : of(items.at(i)));
    }
    return keys;
  }

  private List<Object> tensor(TensorValue tensor) {
    return List.of(
        tensor.dtype(),
        tensor.sizes(),
        tensor.dimOrder(),
        tensor.dynamism(),
        tensor.dataSource(),
        Values.name(tensor),
        side.contents.hash(side.file, tensor));
  }
}
