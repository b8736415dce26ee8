package dev.sconce.cli.internal.bench;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonObject;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Method;
import dev.sconce.runtime.MethodMetadata;
import dev.sconce.runtime.MethodMetadata.ValueInfo;
import dev.sconce.runtime.Tensor;
import dev.sconce.runtime.TensorInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures how long one execution of a method takes: the median, and the extremes, of executions
 * after a warm-up; and the first one of all.
 *
 * @param loaded the method
 * @param threads how many threads compute, for the report
 * @param inputs the inputs; none stands for zeros of the largest shapes
 * @param runs how many executions are measured
 * @param warmUpSeconds how long they are warmed up
 */
public record LatencyBench(
    LoadedMethod loaded, int threads, List<EValue> inputs, int runs, double warmUpSeconds) {

  /** Checks the numbers. */
  public LatencyBench {
    inputs = List.copyOf(inputs);
    if (runs < 1 || !(warmUpSeconds >= 0)) {
      throw new InvalidInputException(
          "bench", "--runs, --warmup", "at least 1 and 0", runs + " and " + warmUpSeconds);
    }
  }

  /** Measures; memory is null where the system does not tell. */
  public JsonObject run() {
    Method method = loaded.method();
    EValue[] values = values(method.metadata());
    double first = seconds(method, values);
    long warm = System.nanoTime();
    while (System.nanoTime() - warm < warmUpSeconds * 1e9) {
      seconds(method, values);
    }
    long[] nanos = new long[runs];
    for (int i = 0; i < runs; i++) {
      nanos[i] = (long) (seconds(method, values) * 1e9);
    }
    Timings timings = Timings.of(nanos);
    JsonObject.Builder report =
        loaded
            .report(threads)
            .put("latency_ms", milliseconds(timings.medianSeconds()))
            .put("latency_min_ms", milliseconds(timings.bestSeconds()))
            .put("latency_max_ms", milliseconds(timings.worstSeconds()));
    loaded.putMemory(report);
    return report
        .put("first_latency_ms", milliseconds(first))
        .put("runs", runs)
        .put("warmup_s", warmUpSeconds)
        .build();
  }

  private static double seconds(Method method, EValue[] values) {
    long start = System.nanoTime();
    method.execute(values);
    return (System.nanoTime() - start) / 1e9;
  }

  private static double milliseconds(double seconds) {
    return LoadedMethod.rounded(seconds * 1e3, 3);
  }

  private EValue[] values(MethodMetadata metadata) {
    List<EValue> values = new ArrayList<>(inputs);
    if (values.isEmpty()) {
      for (ValueInfo input : metadata.inputs()) {
        TensorInfo tensor =
            input
                .tensor()
                .orElseThrow(
                    () ->
                        new InvalidInputException(
                            "bench",
                            "--input",
                            "files, since not all inputs of '"
                                + loaded.method().name()
                                + "' are tensors",
                            "none"));
        Tensor zeros =
            Tensor.zeros(tensor.dtype(), tensor.shape().stream().mapToLong(size -> size).toArray());
        int[] order = tensor.dimOrder().stream().mapToInt(dim -> dim).toArray();
        values.add(EValue.from(zeros.copy(order)));
      }
    }
    return values.toArray(EValue[]::new);
  }
}
