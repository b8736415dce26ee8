package dev.sconce.runtime.verify;

import dev.sconce.base.DType;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Tensor;
import dev.sconce.runtime.internal.memory.ElementAccess;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares a value with what is expected of it. */
final class Comparison {

  // Keeps relative differences finite where zero is expected.
  private static final double SMALLEST = 1e-30;

  private final String label;
  private final Tolerance tolerance;
  private double maxAbsolute;
  private double maxRelative;
  private long worst = -1;
  private long outside;

  private Comparison(String label, Tolerance tolerance) {
    this.label = label;
    this.tolerance = tolerance;
  }

  /**
   * Compares.
   *
   * @param label which output
   * @param expected what is expected; tensors as logical values, whatever their order in memory
   * @param dimOrder the order in memory that is expected, or null if any will do
   */
  static OutputCheck compare(
      String label,
      EValue expected,
      @Nullable List<Integer> dimOrder,
      EValue actual,
      Tolerance tolerance) {
    if (expected instanceof EValue.OfTensor(Tensor e)
        && actual instanceof EValue.OfTensor(Tensor a)) {
      OutputCheck check = new Comparison(label, tolerance).compareTensors(e, a);
      if (check.passed() && dimOrder != null && !sameLayout(a, dimOrder)) {
        return problem(label, "expected dim order " + dimOrder + ", got " + listOf(a.dimOrder()));
      }
      return check;
    }
    if (expected instanceof EValue.OfDouble(double e)
        && actual instanceof EValue.OfDouble(double a)) {
      Comparison comparison = new Comparison(label, tolerance);
      comparison.add(0, e, a);
      return comparison.result(1, new long[0]);
    }
    return expected.equals(actual)
        ? new OutputCheck(label, 0, 0, "", null)
        : problem(label, "expected " + describe(expected) + ", got " + describe(actual));
  }

  /** Orders mean the same if they put the dimensions of more than one element alike. */
  private static boolean sameLayout(Tensor tensor, List<Integer> dimOrder) {
    return tensor.numel() == 0
        || telling(tensor, dimOrder).equals(telling(tensor, listOf(tensor.dimOrder())));
  }

  private static List<Integer> telling(Tensor tensor, List<Integer> dimOrder) {
    return dimOrder.stream()
        .filter(dim -> dim >= 0 && dim < tensor.rank() && tensor.shape()[dim] > 1)
        .toList();
  }

  private OutputCheck compareTensors(Tensor expected, Tensor actual) {
    if (expected.dtype() != actual.dtype()) {
      return problem(label, "expected dtype " + expected.dtype() + ", got " + actual.dtype());
    }
    if (!Arrays.equals(expected.shape(), actual.shape())) {
      return problem(
          label,
          "expected shape "
              + Arrays.toString(expected.shape())
              + ", got "
              + Arrays.toString(actual.shape()));
    }
    DType dtype = expected.dtype();
    MemorySegment e = rowMajor(expected);
    MemorySegment a = rowMajor(actual);
    long numel = expected.numel();
    DType part = ElementAccess.partOf(dtype);
    if (part != null) {
      for (long i = 0; i < 2 * numel; i++) {
        add(i / 2, ElementAccess.load(e, part, i), ElementAccess.load(a, part, i));
      }
    } else if (ElementAccess.isIntegral(dtype)) {
      for (long i = 0; i < numel; i++) {
        addIntegers(i, ElementAccess.loadLong(e, dtype, i), ElementAccess.loadLong(a, dtype, i));
      }
    } else {
      for (long i = 0; i < numel; i++) {
        add(i, ElementAccess.load(e, dtype, i), ElementAccess.load(a, dtype, i));
      }
    }
    return result(numel, expected.shape());
  }

  private static MemorySegment rowMajor(Tensor tensor) {
    if (tensor.isContiguous()) {
      return tensor.memory();
    }
    int[] order = new int[tensor.rank()];
    Arrays.setAll(order, i -> i);
    return tensor.copy(order).memory();
  }

  private void addIntegers(long index, long expected, long actual) {
    if (expected == actual) {
      return;
    }
    double difference = Math.abs((double) expected - (double) actual);
    note(index, difference);
    if (tolerance.absolute() < 1 || difference > tolerance.absolute()) {
      outside++;
    }
  }

  private void add(long index, double expected, double actual) {
    if (expected == actual || (Double.isNaN(expected) && Double.isNaN(actual))) {
      return;
    }
    if (!Double.isFinite(expected) || !Double.isFinite(actual)) {
      outside++;
      return;
    }
    double difference = Math.abs(expected - actual);
    double size = Math.abs(expected);
    note(index, difference);
    maxRelative = Math.max(maxRelative, difference / Math.max(size, SMALLEST));
    if (difference > tolerance.absolute() + tolerance.relative() * size) {
      outside++;
    }
  }

  private void note(long index, double difference) {
    if (difference > maxAbsolute) {
      maxAbsolute = difference;
      worst = index;
    }
  }

  private OutputCheck result(long numel, long[] shape) {
    return new OutputCheck(
        label,
        maxAbsolute,
        maxRelative,
        worst < 0 ? "" : Arrays.toString(indexOf(worst, shape)),
        outside == 0 ? null : outside + " of " + numel + " elements out of tolerance");
  }

  private static long[] indexOf(long element, long[] shape) {
    long[] index = new long[shape.length];
    long rest = element;
    for (int i = shape.length - 1; i >= 0; i--) {
      index[i] = rest % shape[i];
      rest /= shape[i];
    }
    return index;
  }

  private static OutputCheck problem(String label, String problem) {
    return new OutputCheck(label, Double.NaN, Double.NaN, "", problem);
  }

  private static List<Integer> listOf(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static String describe(EValue value) {
    return value.isTensor() ? "a tensor" : value.toString();
  }
}
