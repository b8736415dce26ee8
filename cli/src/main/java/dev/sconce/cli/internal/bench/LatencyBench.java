package dev.sconce.cli.internal.bench;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonObject;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.LoadOptions;
import dev.sconce.runtime.Method;
import dev.sconce.runtime.MethodMetadata;
import dev.sconce.runtime.MethodMetadata.ValueInfo;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import dev.sconce.runtime.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Measures how long one execution of a method takes: the median, and the extremes, of executions
 * after a warm-up; and the first one of all.
 *
 * @param file the program
 * @param method the method
 * @param options how to load it
 * @param threads how many threads compute, for the report
 * @param inputs the inputs; none stands for zeros of the largest shapes
 * @param runs how many executions are measured
 * @param warmUpSeconds how long they are warmed up
 */
public record LatencyBench(
    Path file,
    String method,
    LoadOptions options,
    int threads,
    List<EValue> inputs,
    int runs,
    double warmUpSeconds) {

  /** Checks the numbers. */
  public LatencyBench {
    inputs = List.copyOf(inputs);
    if (runs < 1 || !(warmUpSeconds >= 0)) {
      throw new InvalidInputException(
          "bench", "--runs, --warmup", "at least 1 and 0", runs + " and " + warmUpSeconds);
    }
  }

  /**
   * Measures.
   *
   * @return the numbers; memory is null where the system does not tell
   * @throws IOException if a file cannot be read
   */
  public JsonObject run() throws IOException {
    OptionalLong before = ResidentMemory.peakMib();
    long start = System.nanoTime();
    JsonObject.Builder report = JsonObject.builder().put("threads", threads);
    try (PteModule module = PteModule.load(file, options)) {
      Method loaded = module.loadMethod(method);
      report.put("load_s", LanguageModelBench.rounded((System.nanoTime() - start) / 1e9, 3));
      OptionalLong afterLoad = ResidentMemory.peakMib();
      EValue[] values = values(loaded.metadata());

      double first = seconds(loaded, values);
      long warm = System.nanoTime();
      while (System.nanoTime() - warm < warmUpSeconds * 1e9) {
        seconds(loaded, values);
      }
      long[] nanos = new long[runs];
      for (int i = 0; i < runs; i++) {
        nanos[i] = (long) (seconds(loaded, values) * 1e9);
      }
      Timings timings = Timings.of(nanos);
      report
          .put("latency_ms", milliseconds(timings.medianSeconds()))
          .put("latency_min_ms", milliseconds(timings.bestSeconds()))
          .put("latency_max_ms", milliseconds(timings.worstSeconds()));
      LanguageModelBench.put(
          report, "rss_load_mb", LanguageModelBench.difference(afterLoad, before));
      LanguageModelBench.put(report, "rss_peak_mb", ResidentMemory.peakMib());
      return report
          .put("first_latency_ms", milliseconds(first))
          .put("runs", runs)
          .put("warmup_s", warmUpSeconds)
          .build();
    }
  }

  private static double seconds(Method method, EValue[] values) {
    long start = System.nanoTime();
    method.execute(values);
    return (System.nanoTime() - start) / 1e9;
  }

  private static double milliseconds(double seconds) {
    return LanguageModelBench.rounded(seconds * 1e3, 3);
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
                            "files, since not all inputs of '" + method + "' are tensors",
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
