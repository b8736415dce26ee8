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
import dev.sconce.runtime.internal.operator.element.Lines;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import org.jspecify.annotations.Nullable;

/** Quantizing and dequantizing, with one scale for a tensor, a token or a channel. */
public final class QuantizeOperators implements OperatorFamily {

  private static final String PREFIX = "quantized_decomposed::";

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    for (boolean forward : new boolean[] {true, false}) {
      String name = PREFIX + (forward ? "quantize" : "dequantize");
      table.add(name + "_per_tensor.out", call -> perTensor(call, forward));
      table.add(name + "_per_tensor.Tensor_out", call -> perTensorOfTensors(call, forward));
      table.add(name + "_per_token.out", call -> perToken(call, forward));
      table.add(name + "_per_channel.out", call -> perChannel(call, forward));
    }
    table.add(PREFIX + "add.out", QuantizeOperators::add);
  }

  /** What every call has: a tensor, the range of its integers, and a result. */
  private static final class Conversion {
    final TensorSlot input;
    final TensorSlot out;
    final boolean forward;
    private final ScalarSlot min;
    private final ScalarSlot max;

    Conversion(OperatorCall call, int minPosition, boolean forward) {
      this.input = call.tensor(0);
      this.out = call.tensor(call.size() - 2);
      this.min = call.integer(minPosition);
      this.max = call.integer(minPosition + 1);
      this.forward = forward;
      DType integers = (forward ? out : input).dtype();
      DType declared = call.dtype(minPosition + 2);
      DType reals = (forward ? input : out).dtype();
      if (declared != integers || !integers.isInteger() || !reals.isFloating()) {
        throw new UnsupportedCall(
            "integers of dtype %s declared as %s, numbers of dtype %s"
                .formatted(integers, declared, reals));
      }
    }

    Affine affine(double scale, long zeroPoint) {
      if (min.longValue() > max.longValue()) {
        throw OperatorFailure.of(
            "quant_min: expected at most quant_max %d, found %d", max.longValue(), min.longValue());
      }
      return new Affine((float) scale, (int) zeroPoint, min.longValue(), max.longValue());
    }

    void run(Affine affine, long from, long fromStep, long to, long toStep, long count) {
      Elements source = Elements.of(input);
      Elements target = Elements.of(out);
      for (long i = 0; i < count; i++) {
        long s = from + i * fromStep;
        long t = to + i * toStep;
        if (forward) {
          affine.quantize(source, s, target, t);
        } else {
          target.setFloat(t, affine.dequantize(source.getLong(s)));
        }
      }
    }

    void runAll(Affine affine) {
      if (!input.hasSameDimOrder(out)) {
        throw OperatorFailure.of("expected a result laid out like %s, found %s", input, out);
      }
      run(affine, 0, 1, 0, 1, input.numel());
    }
  }

  private static Step perTensor(OperatorCall call, boolean forward) {
    ScalarSlot scale = call.number(1);
    ScalarSlot zeroPoint = call.integer(2);
    Conversion conversion = new Conversion(call, 3, forward);
    return context -> conversion.runAll(conversion.affine(scale.toDouble(), zeroPoint.longValue()));
  }

  private static Step perTensorOfTensors(OperatorCall call, boolean forward) {
    TensorSlot scale = call.tensor(1);
    TensorSlot zeroPoint = call.tensor(2);
    Conversion conversion = new Conversion(call, 3, forward);
    return context -> {
      Operands.requireSingle("scale", scale);
      Operands.requireSingle("zero_point", zeroPoint);
      conversion.runAll(
          conversion.affine(Elements.of(scale).getDouble(0), Elements.of(zeroPoint).getLong(0)));
    };
  }

  private static Step perToken(OperatorCall call, boolean forward) {
    TensorSlot scales = call.tensor(1);
    TensorSlot zeroPoints = call.tensor(2);
    Conversion conversion = new Conversion(call, 3, forward);
    return context -> {
      TensorSlot input = conversion.input;
      Operands.requireMinimumRank("input", input, 1);
      int last = input.rank() - 1;
      int size = input.size(last);
      long tokens = size == 0 ? 0 : input.numel() / size;
      if (scales.numel() < tokens || zeroPoints.numel() < tokens || !input.isContiguous()) {
        throw OperatorFailure.of(
            "scales: expected one for each token of %s, found %s and %s",
            input, scales, zeroPoints);
      }
      Elements scale = Elements.of(scales);
      Elements zeroPoint = Elements.of(zeroPoints);
      for (long token = 0; token < tokens; token++) {
        Affine affine = conversion.affine(scale.getDouble(token), zeroPoint.getLong(token));
        conversion.run(affine, token * size, 1, token * size, 1, size);
      }
    };
  }

  private static Step perChannel(OperatorCall call, boolean forward) {
    TensorSlot scales = call.tensor(1);
    TensorSlot zeroPoints = call.optionalTensor(2);
    ScalarSlot axis = call.integer(3);
    Conversion conversion = new Conversion(call, 4, forward);
    return context -> {
      TensorSlot input = conversion.input;
      Operands.requireMinimumRank("input", input, 1);
      int along = Operands.dimension(axis.longValue(), input.rank());
      int channels = input.size(along);
      requireOneEach("scales", scales, channels);
      requireOneEach("zero_points", zeroPoints, channels);
      Elements scale = Elements.of(scales);
      Elements zeroPoint = zeroPoints == null ? scale : Elements.of(zeroPoints);
      Affine[] affines = new Affine[channels];
      for (int channel = 0; channel < channels; channel++) {
        affines[channel] =
            conversion.affine(
                scale.getDouble(channel), zeroPoints == null ? 0 : zeroPoint.getLong(channel));
      }
      long from = input.stride(along);
      long to = conversion.out.stride(along);
      Lines.forEach(
          along,
          starts -> {
            for (int channel = 0; channel < channels; channel++) {
              conversion.run(
                  affines[channel], starts[0] + channel * from, 1, starts[1] + channel * to, 1, 1);
            }
          },
          input,
          conversion.out);
    };
  }

  private static void requireOneEach(String name, @Nullable TensorSlot tensor, int channels) {
    if (tensor != null && tensor.numel() != channels) {
      throw OperatorFailure.of(
          "%s: expected one for each of %d channels, found %s", name, channels, tensor);
    }
  }

  private static Step add(OperatorCall call) {
    TensorSlot a = call.tensor(0);
    TensorSlot b = call.tensor(5);
    TensorSlot out = call.tensor(14);
    return context -> {
      if (!a.hasSameSizes(b) || !a.hasSameDimOrder(b) || !a.hasSameDimOrder(out)) {
        throw OperatorFailure.of("b: expected the shape and layout of %s, found %s", a, b);
      }
      Affine left = affine(call, 1);
      Affine right = affine(call, 6);
      Affine result = affine(call, 10);
      Elements x = Elements.of(a);
      Elements y = Elements.of(b);
      Elements target = Elements.of(out);
      for (long i = 0; i < a.numel(); i++) {
        float sum = left.dequantize(x.getLong(i)) + right.dequantize(y.getLong(i));
        target.setLong(i, result.quantize(sum));
      }
    };
  }

  private static Affine affine(OperatorCall call, int position) {
    return new Affine(
        (float) call.number(position).toDouble(),
        (int) call.integer(position + 1).longValue(),
        call.integer(position + 2).longValue(),
        call.integer(position + 3).longValue());
  }
}
