package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.base.DType;
import dev.sconce.ops.TypePromotion;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.UnsupportedCall;
import dev.sconce.runtime.internal.operator.element.Arithmetic;
import dev.sconce.runtime.internal.operator.element.Bools;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.Elementwise;
import dev.sconce.runtime.internal.operator.element.Elementwise.Ternary;
import dev.sconce.runtime.internal.operator.element.Elementwise.Unary;
import dev.sconce.runtime.internal.operator.element.Layouts;
import dev.sconce.runtime.internal.operator.element.Walk;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import org.jspecify.annotations.Nullable;

/** Operators that bound elements or choose between them: clamp, where, masked_fill. */
public final class SelectionOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add(
        "aten::clamp.out",
        call -> {
          TensorSlot self = call.tensor(0);
          ScalarSlot min = call.optionalScalar(1);
          ScalarSlot max = call.optionalScalar(2);
          TensorSlot out = call.tensor(3);
          requireBound(min, max);
          DType type = self.dtype();
          type = min == null ? type : wider(type, BinaryOperators.withScalar(call, 0, 1));
          type = max == null ? type : wider(type, BinaryOperators.withScalar(call, 0, 2));
          Arithmetic arithmetic = Arithmetic.of(type);
          return context -> Elementwise.apply(clamp(min, max, arithmetic), arithmetic, self, out);
        });
    table.add(
        "aten::hardtanh.out",
        call -> {
          TensorSlot self = call.tensor(0);
          ScalarSlot min = call.scalar(1);
          ScalarSlot max = call.scalar(2);
          TensorSlot out = call.tensor(3);
          Arithmetic arithmetic = Arithmetic.of(self.dtype());
          return context -> Elementwise.apply(clamp(min, max, arithmetic), arithmetic, self, out);
        });
    table.add(
        "aten::clamp.Tensor_out",
        call -> {
          TensorSlot self = call.tensor(0);
          TensorSlot min = call.optionalTensor(1);
          TensorSlot max = call.optionalTensor(2);
          TensorSlot out = call.tensor(3);
          requireBound(min, max);
          DType type = self.dtype();
          type = min == null ? type : wider(type, BinaryOperators.common(self, min));
          type = max == null ? type : wider(type, BinaryOperators.common(self, max));
          Arithmetic arithmetic = Arithmetic.of(type);
          Ternary function =
              new Ternary(
                  (x, low, high) -> {
                    long raised = min == null ? x : Math.max(x, low);
                    return max == null ? raised : Math.min(raised, high);
                  },
                  (x, low, high) -> {
                    double raised = min == null ? x : Math.max(x, low);
                    return max == null ? raised : Math.min(raised, high);
                  });
          TensorSlot lower = min == null ? self : min;
          TensorSlot upper = max == null ? self : max;
          return context -> Elementwise.apply(function, arithmetic, self, lower, upper, out);
        });
    table.add(
        "aten::where.self_out",
        call -> {
          TensorSlot condition = call.tensor(0);
          TensorSlot self = call.tensor(1);
          TensorSlot other = call.tensor(2);
          TensorSlot out = call.tensor(3);
          Arithmetic arithmetic = Arithmetic.of(BinaryOperators.common(self, other));
          Ternary function = new Ternary((c, a, b) -> c != 0 ? a : b, (c, a, b) -> c != 0 ? a : b);
          return context -> {
            if (!Bools.choose(condition, self, other, out)) {
              Elementwise.apply(function, arithmetic, condition, self, other, out);
            }
          };
        });
    table.add(
        "aten::masked_fill.Scalar_out",
        call -> {
          TensorSlot self = call.tensor(0);
          TensorSlot mask = call.tensor(1);
          ScalarSlot value = call.scalar(2);
          TensorSlot out = call.tensor(3);
          return context -> maskedFill(self, mask, value, out);
        });
  }

  private static void requireBound(@Nullable Object min, @Nullable Object max) {
    if (min == null && max == null) {
      throw new UnsupportedCall("clamp without bounds");
    }
  }

  private static DType wider(DType a, DType b) {
    return TypePromotion.promote(a, b)
        .orElseThrow(() -> new UnsupportedCall("dtype " + a + " with " + b));
  }

  // NaN stays; where the bounds cross, the upper one wins.
  private static Unary clamp(
      @Nullable ScalarSlot min, @Nullable ScalarSlot max, Arithmetic arithmetic) {
    long low = min == null ? Long.MIN_VALUE : min.toLong();
    long high = max == null ? Long.MAX_VALUE : max.toLong();
    double realLow = min == null ? Double.NEGATIVE_INFINITY : arithmetic.round(min.toDouble());
    double realHigh = max == null ? Double.POSITIVE_INFINITY : arithmetic.round(max.toDouble());
    return new Unary(
        x -> Math.min(Math.max(x, low), high), x -> Math.min(Math.max(x, realLow), realHigh));
  }

  private static void maskedFill(
      TensorSlot self, TensorSlot mask, ScalarSlot value, TensorSlot out) {
    if (mask.dtype() != DType.BOOL) {
      throw OperatorFailure.of("expected a mask of bools, found %s", mask);
    }
    Operands.requireExpands("self", self, out);
    Operands.requireExpands("mask", mask, out);
    Elements source = Elements.of(self);
    Elements chosen = Elements.of(mask);
    Elements target = Elements.of(out);
    boolean integer = Arithmetic.of(self.dtype()) == Arithmetic.INTEGER;
    // Every number but 0 is true, fractions too.
    long filling = self.dtype() == DType.BOOL && value.toDouble() != 0 ? 1 : value.toLong();
    new Walk(
            Layouts.sizes(out),
            Layouts.strides(out),
            Layouts.expandedStrides(self, out),
            Layouts.expandedStrides(mask, out))
        .run(
            (offsets, steps, count) -> {
              for (long i = 0; i < count; i++) {
                long t = offsets[0] + i * steps[0];
                long s = offsets[1] + i * steps[1];
                boolean filled = chosen.getLong(offsets[2] + i * steps[2]) != 0;
                if (integer) {
                  target.setLong(t, filled ? filling : source.getLong(s));
                } else {
                  target.setDouble(t, filled ? value.toDouble() : source.getDouble(s));
                }
              }
            });
  }
}
