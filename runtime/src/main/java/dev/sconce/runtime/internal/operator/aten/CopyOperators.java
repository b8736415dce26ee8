package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Layouts;
import dev.sconce.runtime.internal.operator.element.View;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.List;

/** Copies of whole tensors: to another type, another order of dimensions, or another shape. */
public final class CopyOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    for (String name :
        List.of(
            "aten::alias_copy.out",
            "aten::clone.out",
            "aten::detach_copy.out",
            "aten::lift_fresh_copy.out",
            "dim_order_ops::_clone_dim_order.out",
            "et_copy::_d2h_copy.out",
            "et_copy::_h2d_copy.out")) {
      table.addUntyped(name, CopyOperators::bindCopy);
    }
    table.add("aten::_to_copy.out", CopyOperators::bindCopy);
    table.add("dim_order_ops::_to_dim_order_copy.out", CopyOperators::bindCopy);
    for (String name :
        List.of(
            "aten::view_copy.out",
            "aten::unsqueeze_copy.out",
            "aten::squeeze_copy.dim_out",
            "aten::squeeze_copy.dims_out")) {
      table.addUntyped(name, CopyOperators::bindReshape);
    }
    table.add(
        "aten::copy.out",
        call -> {
          TensorSlot source = call.tensor(1);
          TensorSlot out = call.tensor(call.size() - 2);
          return context -> copyExpanded(source, out);
        });
    table.add(
        "aten::copy_",
        call -> {
          TensorSlot self = call.tensor(0);
          TensorSlot source = call.tensor(1);
          return context -> copyExpanded(source, self);
        });
  }

  private static Step bindCopy(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    TensorSlot out = call.tensor(call.size() - 2);
    return context -> View.of(self).copyTo(View.of(out));
  }

  private static Step bindReshape(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    TensorSlot out = call.tensor(call.size() - 2);
    return context -> reshape(self, out);
  }

  private static void copyExpanded(TensorSlot source, TensorSlot target) {
    Operands.requireExpands("src", source, target);
    View.of(source).expand(Layouts.sizes(target)).copyTo(View.of(target));
  }

  /** Copies elements in row-major order of both shapes, whatever their order in memory is. */
  private static void reshape(TensorSlot self, TensorSlot out) {
    if (self.isContiguous() && out.isContiguous()) {
      long[] line = {self.numel()};
      long[] step = {1};
      View.of(self).as(line, step).copyTo(View.of(out).as(line, step));
      return;
    }
    // At least one is not row-major: see both in the finer of the two shapes, position by position.
    Reshape.copy(View.of(self), View.of(out));
  }
}
