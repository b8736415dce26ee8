package dev.sconce.runtime.internal.operator.quantized;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.UnsupportedCall;
import dev.sconce.runtime.internal.operator.aten.Operands;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.Arrays;

/** Products of numbers with 8-bit weights that are symmetrically quantized by row. */
public final class MixedProductOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add("quantized_decomposed::mixed_mm.out", MixedProductOperators::bindProduct);
    table.add("quantized_decomposed::mixed_linear.out", MixedProductOperators::bindLinear);
  }

  private static void check(OperatorCall call) {
    if (call.tensor(1).dtype() != DType.INT8) {
      throw new UnsupportedCall("quantized weights of dtype " + call.tensor(1).dtype());
    }
    if (!call.isNone(3)) {
      // The official kernels refuse them as well.
      throw new UnsupportedCall("weight_zero_points");
    }
  }

  /** {@code out[i, j] = Σ_k input[i, k] · weight[k, j] · scale[k]}. */
  private static Step bindProduct(OperatorCall call) {
    check(call);
    TensorSlot input = call.tensor(0);
    TensorSlot weight = call.tensor(1);
    TensorSlot scales = call.tensor(2);
    TensorSlot out = call.tensor(4);
    return context -> {
      Operands.requireRank("weight_scales", scales, 1);
      Operands.requireSize("weight_scales", scales, 0, weight.size(0));
      Elements x = Elements.of(input);
      Elements w = Elements.of(weight);
      Elements s = Elements.of(scales);
      Elements target = Elements.of(out);
      double[] sums = new double[weight.size(1)];
      for (int i = 0; i < input.size(0); i++) {
        Arrays.fill(sums, 0);
        for (int k = 0; k < weight.size(0); k++) {
          double factor = x.getDouble(i * input.stride(0) + k * input.stride(1)) * s.getDouble(k);
          for (int j = 0; j < sums.length; j++) {
            sums[j] += factor * w.getDouble(k * weight.stride(0) + j * weight.stride(1));
          }
        }
        for (int j = 0; j < sums.length; j++) {
          target.setDouble(i * out.stride(0) + j * out.stride(1), sums[j]);
        }
      }
    };
  }

  /** {@code out[i, j] = Σ_k input[i, k] · weight[j, k] · scale[j, k's group]}. */
  private static Step bindLinear(OperatorCall call) {
    check(call);
    TensorSlot input = call.tensor(0);
    TensorSlot weight = call.tensor(1);
    TensorSlot scales = call.tensor(2);
    TensorSlot out = call.tensor(5);
    return context -> {
      Operands.requireSize("weight_scales", scales, 0, weight.size(0));
      int inner = weight.size(1);
      int groups = scales.rank() == 2 ? scales.size(1) : 1;
      if (scales.rank() > 2 || (groups == 0 && inner > 0)) {
        throw OperatorFailure.of("weight_scales: expected a vector or matrix, found %s", scales);
      }
      int groupSize = Math.max(1, Math.ceilDiv(inner, Math.max(1, groups)));
      Elements x = Elements.of(input);
      Elements w = Elements.of(weight);
      Elements s = Elements.of(scales);
      Elements target = Elements.of(out);
      for (int i = 0; i < input.size(0); i++) {
        for (int j = 0; j < weight.size(0); j++) {
          double sum = 0;
          for (int k = 0; k < inner; k++) {
            double product =
                x.getDouble(i * input.stride(0) + k * input.stride(1))
                    * w.getDouble(j * weight.stride(0) + k * weight.stride(1));
            sum += product * s.getDouble((long) j * groups + k / groupSize);
          }
          target.setDouble(i * out.stride(0) + j * out.stride(1), sum);
        }
      }
    };
  }
}
