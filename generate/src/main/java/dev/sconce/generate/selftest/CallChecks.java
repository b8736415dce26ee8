package dev.sconce.generate.selftest;

import dev.sconce.generate.selftest.Call.Expectation;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes the calls of one test and compares. */
final class CallChecks {

  private final List<Call> calls;
  private long exact;
  private long near;
  private double worst;
  private double worstTolerance;

  CallChecks(List<Call> calls) {
    this.calls = calls;
  }

  /** Returns what is wrong first, or null. */
  @Nullable String run(PteModule module) {
    CallRunner runner = new CallRunner(module);
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      EValue[] outputs = runner.run(call.method(), call.inputs());
      String where = calls.size() == 1 ? call.method() : "call %d, %s".formatted(i, call.method());
      if (outputs.length != call.expected().size()) {
        return "%s: expected %d outputs, found %d"
            .formatted(where, call.expected().size(), outputs.length);
      }
      for (int output = 0; output < outputs.length; output++) {
        String problem = compare(call.expected().get(output), outputs[output]);
        if (problem != null) {
          return "%s, output %d%s".formatted(where, output, problem);
        }
      }
    }
    return null;
  }

  private @Nullable String compare(Expectation expectation, EValue found) {
    if (!(found instanceof EValue.OfTensor(Tensor tensor))) {
      return ": expected a tensor, found " + found.describe();
    }
    return switch (expectation) {
      case Expectation.Exactly(Tensor expected) -> exactly(expected, tensor);
      case Expectation.Near expected -> near(expected, tensor);
    };
  }

  private @Nullable String exactly(Tensor expected, Tensor found) {
    if (expected.dtype() != found.dtype()) {
      return ": expected %s, found %s".formatted(expected.dtype(), found.dtype());
    }
    if (!Arrays.equals(expected.shape(), found.shape())) {
      return wrongShape(Arrays.toString(expected.shape()), found);
    }
    double[] wanted = expected.toDoubles();
    double[] got = found.toDoubles();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] != got[i]) {
        return "%s: expected %s, found %s"
            .formatted(index(i, found.shape()), whole(wanted[i]), whole(got[i]));
      }
    }
    exact += wanted.length;
    return null;
  }

  private @Nullable String near(Expectation.Near expected, Tensor found) {
    List<Long> shape = new ArrayList<>();
    for (long size : found.shape()) {
      shape.add(size);
    }
    if (!shape.equals(expected.shape())) {
      return wrongShape(expected.shape().toString(), found);
    }
    double[] values = found.toDoubles();
    for (Expectation.Entry entry : expected.entries()) {
      double got = values[(int) entry.index()];
      double difference = Math.abs(got - entry.value());
      // Written so that NaN fails.
      if (!(difference <= expected.tolerance())) {
        return String.format(
            Locale.ROOT,
            "%s: expected %s ± %.3g, found %s",
            index(entry.index(), found.shape()),
            entry.value(),
            expected.tolerance(),
            (float) got);
      }
      if (difference > worst || near == 0) {
        worst = difference;
        worstTolerance = expected.tolerance();
      }
      near++;
    }
    return null;
  }

  private static String wrongShape(String expected, Tensor found) {
    return ": expected shape %s, found %s".formatted(expected, Arrays.toString(found.shape()));
  }

  private static String whole(double value) {
    return value == Math.rint(value) ? "" + (long) value : "" + value;
  }

  private static String index(long element, long[] shape) {
    long[] index = new long[shape.length];
    long rest = element;
    for (int i = shape.length - 1; i >= 0; i--) {
      index[i] = rest % shape[i];
      rest /= shape[i];
    }
    return shape.length == 0 ? "" : " " + Arrays.toString(index);
  }

  /** Returns what was compared. */
  String summary() {
    List<String> parts = new ArrayList<>();
    if (exact > 0) {
      parts.add(exact + (exact == 1 ? " integer" : " integers") + " equal");
    }
    if (near > 0) {
      parts.add(
          String.format(Locale.ROOT, "%d floats within %.2g of %.2g", near, worst, worstTolerance));
    }
    return String.join(", ", parts);
  }
}
