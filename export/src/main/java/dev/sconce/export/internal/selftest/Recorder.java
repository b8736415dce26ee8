package dev.sconce.export.internal.selftest;

import dev.sconce.base.ExportException;
import dev.sconce.generate.selftest.Call;
import dev.sconce.generate.selftest.Call.Expectation;
import dev.sconce.generate.selftest.CallRunner;
import dev.sconce.generate.selftest.SelfTest;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * Makes the calls of probes and turns their answers into expectations.
 *
 * <p>All of them on one module, although tests run on a new one each: calls that begin at position
 * 0 depend on nothing that ran before, and the memory of a module is slow at first touch.
 */
final class Recorder {

  /** How many of the greatest numbers of an output are kept, and how many others. */
  private static final int TOP = 8;

  private final PteModule module;
  private final double relativeTolerance;
  private double greatestTolerance;
  private double lastTolerance;

  Recorder(PteModule module, double relativeTolerance) {
    this.module = module;
    this.relativeTolerance = relativeTolerance;
  }

  /** Returns the greatest absolute tolerance of all expectations so far. */
  double greatestTolerance() {
    return greatestTolerance;
  }

  /** Returns the absolute tolerance of the last expectation. */
  double lastTolerance() {
    return lastTolerance;
  }

  /** Records with a tolerance by the size of each output. */
  SelfTest record(Probe probe) {
    return record(probe, OptionalDouble.empty());
  }

  /** Records with an absolute tolerance. */
  SelfTest record(Probe probe, double tolerance) {
    return record(probe, OptionalDouble.of(tolerance));
  }

  private SelfTest record(Probe probe, OptionalDouble tolerance) {
    List<Call> calls = new ArrayList<>();
    CallRunner runner = new CallRunner(module);
    for (Probe.Request request : probe.calls()) {
      List<Expectation> expected = new ArrayList<>();
      for (EValue output : runner.run(request.method(), request.inputs())) {
        expected.add(expectation(probe.name(), output, tolerance));
      }
      calls.add(new Call(request.method(), request.inputs(), expected));
    }
    return new SelfTest.Calls(probe.name(), calls);
  }

  private Expectation expectation(String test, EValue output, OptionalDouble tolerance) {
    if (!(output instanceof EValue.OfTensor(Tensor tensor))) {
      throw new ExportException(
          "self-test '" + test + "'",
          "expected a tensor, the method returned " + output.describe());
    }
    return tensor.dtype().isFloating()
        ? near(test, tensor, tolerance)
        : new Expectation.Exactly(tensor);
  }

  private Expectation near(String test, Tensor tensor, OptionalDouble absolute) {
    double[] values = tensor.toDoubles();
    double squares = 0;
    int finite = 0;
    PriorityQueue<Integer> top =
        new PriorityQueue<>((a, b) -> Double.compare(values[a], values[b]));
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        throw new ExportException(
            "self-test '" + test + "'", "the program computes NaN: it overflows in this dtype");
      }
      if (Double.isFinite(values[i])) {
        squares += values[i] * values[i];
        finite++;
        if (top.size() == TOP && values[top.element()] < values[i]) {
          top.remove();
        }
        if (top.size() < TOP) {
          top.add(i);
        }
      }
    }
    TreeSet<Integer> kept = new TreeSet<>(top);
    for (int i = 0; i < TOP && finite > TOP; i++) {
      int spread = (int) ((long) values.length * i / TOP);
      if (Double.isFinite(values[spread])) {
        kept.add(spread);
      }
    }
    double tolerance =
        absolute.orElse(relativeTolerance * Math.sqrt(squares / Math.max(1, finite)));
    greatestTolerance = Math.max(greatestTolerance, tolerance);
    lastTolerance = tolerance;
    List<Long> shape = new ArrayList<>();
    for (long size : tensor.shape()) {
      shape.add(size);
    }
    return new Expectation.Near(
        shape,
        kept.stream().map(i -> new Expectation.Entry(i, (float) values[i])).toList(),
        tolerance);
  }
}
