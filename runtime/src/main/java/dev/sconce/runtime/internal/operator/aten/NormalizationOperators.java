package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.Floats;
import dev.sconce.runtime.internal.operator.element.View;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import org.jspecify.annotations.Nullable;

/**
 * Layer, group and batch normalisation. Variances are those of PyTorch, in two passes; the official
 * kernels take one, which loses all digits where the mean is large.
 */
public final class NormalizationOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add("aten::native_layer_norm.out", NormalizationOperators::bindLayerNorm);
    table.add("aten::native_group_norm.out", NormalizationOperators::bindGroupNorm);
    table.add(
        "aten::_native_batch_norm_legit_no_training.out",
        call ->
            bindWithStatistics(
                call, call.tensor(3), call.tensor(4), call.number(6), call.tensor(7)));
    table.add(
        "aten::_native_batch_norm_legit.out",
        call -> {
          ScalarSlot training = call.bool(5);
          Step step =
              bindWithStatistics(
                  call, call.tensor(3), call.tensor(4), call.number(7), call.tensor(8));
          return context -> {
            if (training.boolValue()) {
              throw new OperatorFailure("training: expected false, found true");
            }
            step.run(context);
          };
        });
    table.add(
        "aten::_native_batch_norm_legit.no_stats_out", NormalizationOperators::bindBatchStatistics);
  }

  /** Mean and inverse standard deviation of a line of values. */
  private record Moments(double mean, double inverse) {
    static Moments of(double[] values, double eps) {
      double sum = 0;
      for (double value : values) {
        sum += value;
      }
      double mean = values.length == 0 ? 0 : sum / values.length;
      double squares = 0;
      for (double value : values) {
        squares += (value - mean) * (value - mean);
      }
      return new Moments(mean, 1 / Math.sqrt(squares / values.length + eps));
    }
  }

  /** Reads a parameter that may be absent. */
  private static double parameter(@Nullable Elements elements, long index, double absent) {
    return elements == null ? absent : elements.getDouble(index);
  }

  private static @Nullable Elements elements(@Nullable TensorSlot tensor) {
    return tensor == null ? null : Elements.of(tensor);
  }

  private static void requireRowMajor(TensorSlot tensor) {
    if (!tensor.isContiguous()) {
      throw OperatorFailure.of("expected row-major elements, found %s in another order", tensor);
    }
  }

  private static Step bindLayerNorm(OperatorCall call) {
    TensorSlot input = call.tensor(0);
    TensorSlot weight = call.optionalTensor(2);
    TensorSlot bias = call.optionalTensor(3);
    ScalarSlot eps = call.number(4);
    TensorSlot out = call.tensor(5);
    TensorSlot mean = call.tensor(6);
    TensorSlot inverse = call.tensor(7);
    int normalizedRank = call.ints(1).size();
    return context -> {
      requireRowMajor(input);
      requireRowMajor(out);
      int size = 1;
      for (int dim = input.rank() - normalizedRank; dim < input.rank(); dim++) {
        size = Math.multiplyExact(size, input.size(dim));
      }
      long groups = mean.numel();
      if (Floats.areRowMajor(input, out, mean, inverse)
          && (weight == null || Floats.areRowMajor(weight))
          && (bias == null || Floats.areRowMajor(bias))) {
        call.kernels()
            .rowFunctions()
            .layerNorm(
                Elements.memoryOf(input),
                Elements.memoryOf(out),
                Math.toIntExact(groups),
                size,
                weight == null ? null : Elements.memoryOf(weight),
                bias == null ? null : Elements.memoryOf(bias),
                eps.toDouble(),
                Elements.memoryOf(mean),
                Elements.memoryOf(inverse));
        return;
      }
      Elements source = Elements.of(input);
      Elements target = Elements.of(out);
      Elements means = Elements.of(mean);
      Elements inverses = Elements.of(inverse);
      Elements scale = elements(weight);
      Elements shift = elements(bias);
      double[] values = new double[size];
      for (long group = 0; group < groups; group++) {
        long start = group * size;
        for (int i = 0; i < size; i++) {
          values[i] = source.getDouble(start + i);
        }
        Moments moments = Moments.of(values, eps.toDouble());
        means.setDouble(group, moments.mean);
        inverses.setDouble(group, moments.inverse);
        for (int i = 0; i < size; i++) {
          double normal = (values[i] - moments.mean) * moments.inverse;
          target.setDouble(start + i, normal * parameter(scale, i, 1) + parameter(shift, i, 0));
        }
      }
    };
  }

  private static Step bindGroupNorm(OperatorCall call) {
    TensorSlot input = call.tensor(0);
    TensorSlot weight = call.optionalTensor(1);
    TensorSlot bias = call.optionalTensor(2);
    ScalarSlot groupCount = call.integer(6);
    ScalarSlot eps = call.number(7);
    TensorSlot out = call.tensor(8);
    TensorSlot mean = call.tensor(9);
    TensorSlot inverse = call.tensor(10);
    return context -> {
      requireRowMajor(input);
      requireRowMajor(out);
      int channels = input.size(1);
      int groups = groupCount.intValue();
      long lines = (long) input.size(0) * groups;
      int size = lines == 0 ? 0 : Math.toIntExact(input.numel() / lines);
      int area = channels == 0 ? 0 : size / (channels / groups);
      Elements source = Elements.of(input);
      Elements target = Elements.of(out);
      Elements means = Elements.of(mean);
      Elements inverses = Elements.of(inverse);
      Elements scale = elements(weight);
      Elements shift = elements(bias);
      double[] values = new double[size];
      for (long line = 0; line < lines; line++) {
        long start = line * size;
        for (int i = 0; i < size; i++) {
          values[i] = source.getDouble(start + i);
        }
        Moments moments = Moments.of(values, eps.toDouble());
        means.setDouble(line, moments.mean);
        inverses.setDouble(line, moments.inverse);
        long firstChannel = line % groups * (channels / groups);
        for (int i = 0; i < size; i++) {
          long channel = firstChannel + i / area;
          double normal = (values[i] - moments.mean) * moments.inverse;
          target.setDouble(
              start + i, normal * parameter(scale, channel, 1) + parameter(shift, channel, 0));
        }
      }
    };
  }

  private static Step bindWithStatistics(
      OperatorCall call, TensorSlot mean, TensorSlot variance, ScalarSlot eps, TensorSlot out) {
    TensorSlot input = call.tensor(0);
    TensorSlot weight = call.optionalTensor(1);
    TensorSlot bias = call.optionalTensor(2);
    return context -> {
      Operands.requireMinimumRank("input", input, 2);
      int channels = input.size(1);
      requireVector("running_mean", mean, channels);
      requireVector("running_var", variance, channels);
      requireVector("weight", weight, channels);
      requireVector("bias", bias, channels);
      Elements means = Elements.of(mean);
      Elements variances = Elements.of(variance);
      for (int channel = 0; channel < channels; channel++) {
        double inverse = 1 / Math.sqrt(variances.getDouble(channel) + eps.toDouble());
        normalize(
            input,
            out,
            channel,
            new Moments(means.getDouble(channel), inverse),
            parameter(elements(weight), channel, 1),
            parameter(elements(bias), channel, 0));
      }
    };
  }

  private static void requireVector(String name, @Nullable TensorSlot tensor, int size) {
    if (tensor != null && (tensor.rank() != 1 || tensor.size(0) != size)) {
      throw OperatorFailure.of("%s: expected a vector of %d, found %s", name, size, tensor);
    }
  }

  private static Step bindBatchStatistics(OperatorCall call) {
    TensorSlot input = call.tensor(0);
    TensorSlot weight = call.optionalTensor(1);
    TensorSlot bias = call.optionalTensor(2);
    ScalarSlot eps = call.number(5);
    TensorSlot out = call.tensor(6);
    TensorSlot mean = call.tensor(7);
    TensorSlot inverse = call.tensor(8);
    return context -> {
      int channels = input.size(1);
      requireVector("weight", weight, channels);
      requireVector("bias", bias, channels);
      Elements source = Elements.of(input);
      double[] values = new double[channels == 0 ? 0 : (int) (input.numel() / channels)];
      for (int channel = 0; channel < channels; channel++) {
        int[] next = {0};
        View.of(input)
            .select(1, channel)
            .walk(
                (offsets, steps, count) -> {
                  for (long i = 0; i < count; i++) {
                    values[next[0]++] = source.getDouble(offsets[0] + i * steps[0]);
                  }
                });
        Moments moments = Moments.of(values, eps.toDouble());
        Elements.of(mean).setDouble(channel, moments.mean);
        Elements.of(inverse).setDouble(channel, moments.inverse);
        normalize(
            input,
            out,
            channel,
            moments,
            parameter(elements(weight), channel, 1),
            parameter(elements(bias), channel, 0));
      }
    };
  }

  private static void normalize(
      TensorSlot input, TensorSlot out, int channel, Moments moments, double scale, double shift) {
    Elements target = Elements.of(out);
    View.of(input).select(1, channel).copyTo(View.of(out).select(1, channel));
    View.of(out)
        .select(1, channel)
        .fill(
            (elements, index) -> {
              double normal = (elements.getDouble(index) - moments.mean) * moments.inverse;
              target.setDouble(index, normal * scale + shift);
            });
  }
}
