package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Arithmetic;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.Layouts;
import dev.sconce.runtime.internal.operator.element.View;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorListSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.Arrays;

/** Reading and writing what tensors of indices select. */
public final class AdvancedIndexingOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.addUnsized("aten::index.Tensor_out", AdvancedIndexingOperators::bindIndex);
    table.add(
        "aten::index_put.out",
        call -> {
          TensorSlot self = call.tensor(0);
          TensorSlot out = call.tensor(4);
          Step put = bindPut(call, out);
          return context -> {
            View.of(self).copyTo(View.of(out));
            put.run(context);
          };
        });
    table.add("aten::index_put_", call -> bindPut(call, call.tensor(0)));
  }

  private static Step bindIndex(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    TensorListSlot indices = call.tensors(1);
    TensorSlot out = call.tensor(2);
    boolean integer = Arithmetic.of(self.dtype()) == Arithmetic.INTEGER;
    return context -> {
      AdvancedIndex index = AdvancedIndex.of(self, indices);
      out.resize(index.sizes());
      Elements source = Elements.of(self);
      Elements target = Elements.of(out);
      index.forEach(
          Layouts.strides(out),
          (indexed, selected) -> {
            if (integer) {
              target.setLong(selected, source.getLong(indexed));
            } else {
              target.setDouble(selected, source.getDouble(indexed));
            }
          });
    };
  }

  private static Step bindPut(OperatorCall call, TensorSlot target) {
    TensorListSlot indices = call.tensors(1);
    TensorSlot values = call.tensor(2);
    ScalarSlot accumulate = call.bool(3);
    boolean integer = Arithmetic.of(target.dtype()) == Arithmetic.INTEGER;
    if (values.dtype() != target.dtype()) {
      throw call.site()
          .malformedArgument(2, "elements of " + target.dtype(), values.dtype().toString());
    }
    return context -> {
      AdvancedIndex index = AdvancedIndex.of(target, indices);
      long[] strides = stretched(values, index.sizes());
      Elements source = Elements.of(values);
      Elements stored = Elements.of(target);
      boolean adds = accumulate.boolValue();
      index.forEach(
          strides,
          (indexed, selected) -> {
            if (integer) {
              long value = source.getLong(selected);
              stored.setLong(indexed, adds ? stored.getLong(indexed) + value : value);
            } else {
              double value = source.getDouble(selected);
              stored.setDouble(indexed, adds ? stored.getDouble(indexed) + value : value);
            }
          });
    };
  }

  private static long[] stretched(TensorSlot values, int[] sizes) {
    int added = sizes.length - values.rank();
    long[] strides = new long[sizes.length];
    for (int d = 0; d < values.rank(); d++) {
      if (added < 0 || (values.size(d) != 1 && values.size(d) != sizes[added + d])) {
        throw OperatorFailure.of(
            "values: expected a shape that expands to %s, found %s",
            Arrays.toString(sizes), values);
      }
      strides[added + d] = values.size(d) == 1 ? 0 : values.stride(d);
    }
    return strides;
  }
}
