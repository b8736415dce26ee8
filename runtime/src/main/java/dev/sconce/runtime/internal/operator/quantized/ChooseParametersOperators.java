package dev.sconce.runtime.internal.operator.quantized;

import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;

/** Scale and zero point out of the range of the numbers to be quantized. */
public final class ChooseParametersOperators implements OperatorFamily {

  /** Smaller scales are raised to this, as in FBGEMM. */
  private static final float SMALLEST_SCALE = 6.1e-5f;

  /** The scale of a tensor of zeros. */
  private static final double SCALE_OF_NOTHING = 0.1;

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add(
        "quantized_decomposed::choose_qparams.Tensor_out",
        call -> bind(call, 5, call.integer(1), call.integer(2), false));
    table.add(
        "quantized_decomposed::choose_qparams_per_token_asymmetric.out",
        call -> bind(call, 2, ScalarSlot.of(-128), ScalarSlot.of(127), true));
  }

  private static Step bind(
      OperatorCall call, int out, ScalarSlot min, ScalarSlot max, boolean perToken) {
    TensorSlot input = call.tensor(0);
    TensorSlot scale = call.tensor(out);
    TensorSlot zeroPoint = call.tensor(out + 1);
    return context -> {
      int low = min.intValue();
      int high = max.intValue();
      if (low >= high) {
        throw OperatorFailure.of("quant_min: expected less than %d, found %d", high, low);
      }
      if (!input.isContiguous()) {
        throw OperatorFailure.of("input: expected row-major elements, found %s", input);
      }
      Elements source = Elements.of(input);
      long groups = perToken ? scale.numel() : 1;
      long size = groups == 0 ? 0 : input.numel() / groups;
      if (size == 0 && groups > 0) {
        throw OperatorFailure.of("input: expected elements, found %s", input);
      }
      for (long group = 0; group < groups; group++) {
        float smallest = Float.POSITIVE_INFINITY;
        float largest = Float.NEGATIVE_INFINITY;
        for (long i = group * size; i < (group + 1) * size; i++) {
          float value = source.getFloat(i);
          smallest = value < smallest ? value : smallest;
          largest = value > largest ? value : largest;
        }
        Parameters parameters = choose(smallest, largest, low, high);
        Elements.of(scale).setDouble(group, parameters.scale);
        Elements.of(zeroPoint).setLong(group, parameters.zeroPoint);
      }
    };
  }

  private record Parameters(double scale, long zeroPoint) {}

  private static Parameters choose(float smallest, float largest, int low, int high) {
    // 0 must be one of the numbers that have an exact integer.
    float min = Math.min(smallest, 0);
    float max = Math.max(largest, 0);
    double scale = ((double) max - min) / (high - low);
    if ((float) scale == 0 || Float.isInfinite(1 / (float) scale)) {
      scale = SCALE_OF_NOTHING;
    }
    if (scale < SMALLEST_SCALE) {
      float before = (float) scale;
      scale = SMALLEST_SCALE;
      if (min == 0) {
        max = SMALLEST_SCALE * (high - low);
      } else if (max == 0) {
        min = -SMALLEST_SCALE * (high - low);
      } else {
        float amplifier = SMALLEST_SCALE / before;
        min *= amplifier;
        max *= amplifier;
      }
    }
    // Either end determines the zero point; the one with the smaller terms errs less.
    double fromMin = low - min / scale;
    double fromMax = high - max / scale;
    double errorOfMin = Math.abs(low) - Math.abs(min / scale);
    double errorOfMax = Math.abs(high) - Math.abs(max / scale);
    double zeroPoint = errorOfMin < errorOfMax ? fromMin : fromMax;
    long nudged =
        zeroPoint < low ? low : zeroPoint > high ? high : (long) Math.rint((float) zeroPoint);
    return new Parameters(scale, nudged);
  }
}
