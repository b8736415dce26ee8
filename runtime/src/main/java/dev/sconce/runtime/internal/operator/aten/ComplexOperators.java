package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.UnsupportedCall;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.Layouts;
import dev.sconce.runtime.internal.operator.element.View;
import dev.sconce.runtime.internal.operator.element.Walk;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.Arrays;

/** Operators on complex numbers: their parts, and the conjugate. */
public final class ComplexOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.addUntyped("aten::view_as_real_copy.out", ComplexOperators::bindParts);
    table.addUntyped("aten::_conj_physical.out", ComplexOperators::bindConjugate);
  }

  /** {@code out[…, 0]} is the real part, {@code out[…, 1]} the imaginary one. */
  private static Step bindParts(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    TensorSlot out = call.tensor(1);
    DType type = ComplexParts.type(self.dtype());
    if (!type.isFloating() || !out.dtype().isFloating() || !Elements.supports(out.dtype())) {
      throw new UnsupportedCall("dtypes " + self.dtype() + " and " + out.dtype());
    }
    return context -> {
      Elements source = ComplexParts.of(self);
      Elements target = Elements.of(out);
      long[] strides = Arrays.copyOf(Layouts.strides(out), self.rank());
      long next = out.stride(self.rank());
      forEach(
          self,
          strides,
          (from, to) -> {
            target.setDouble(to, source.getDouble(2 * from));
            target.setDouble(to + next, source.getDouble(2 * from + 1));
          });
    };
  }

  /** The conjugate; of real numbers the numbers themselves. */
  private static Step bindConjugate(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    TensorSlot out = call.tensor(1);
    if (self.dtype() != out.dtype()) {
      throw new UnsupportedCall("dtypes " + self.dtype() + " and " + out.dtype());
    }
    if (!ComplexParts.isComplex(self)) {
      return context -> View.of(self).copyTo(View.of(out));
    }
    return context -> {
      Elements source = ComplexParts.of(self);
      Elements target = ComplexParts.of(out);
      forEach(
          self,
          Layouts.strides(out),
          (from, to) -> {
            double imaginary = source.getDouble(2 * from + 1);
            target.setDouble(2 * to, source.getDouble(2 * from));
            target.setDouble(2 * to + 1, -imaginary);
          });
    };
  }

  @FunctionalInterface
  private interface Pair {
    void accept(long from, long to);
  }

  private static void forEach(TensorSlot from, long[] to, Pair work) {
    new Walk(Layouts.sizes(from), Layouts.strides(from), to)
        .run(
            (offsets, steps, count) -> {
              for (long i = 0; i < count; i++) {
                work.accept(offsets[0] + i * steps[0], offsets[1] + i * steps[1]);
              }
            });
  }
}
