package dev.sconce.cli.internal.bench;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonObject;
import dev.sconce.format.pte.PteFile;
import dev.sconce.runtime.LoadOptions;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Measures a language model: loading, prefill, decoding, memory.
 *
 * <p>Prefill is the best of its repetitions, decoding the median of the steps after a prompt; both
 * after a warm-up in which the JVM compiles what runs. The first prefill of all is reported beside,
 * since that is what a process that answers once sees. Choosing tokens is not part of a step.
 *
 * @param file the program
 * @param method the method that takes tokens and positions
 * @param options how to load it
 * @param threads how many threads compute, for the report and the bandwidth
 * @param prompt how many tokens the prompt has
 * @param decode how many tokens are decoded after it
 * @param warmUpSeconds how long prefill and decoding are warmed up, each
 */
public record LanguageModelBench(
    Path file,
    String method,
    LoadOptions options,
    int threads,
    int prompt,
    int decode,
    double warmUpSeconds) {

  private static final int PREFILLS = 3;

  /** Checks the numbers. */
  public LanguageModelBench {
    if (prompt < 1 || decode < 1 || !(warmUpSeconds >= 0)) {
      throw new InvalidInputException(
          "bench",
          "--prompt, --decode, --warmup",
          "at least 1, 1 and 0",
          prompt + ", " + decode + " and " + warmUpSeconds);
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
    double decodeSeconds;
    try (PteModule module = PteModule.load(file, options)) {
      LanguageModel model = LanguageModel.of(module.loadMethod(method));
      report.put("load_s", rounded((System.nanoTime() - start) / 1e9, 3));
      OptionalLong loaded = ResidentMemory.peakMib();
      requireRoom(model.contextLength(module));

      long[] ids = ids(model.vocabulary());
      double first = prefill(model, ids);
      warmUp(() -> prefill(model, ids));
      double best = first;
      for (int i = 0; i < PREFILLS; i++) {
        best = Math.min(best, prefill(model, ids));
      }
      warmUp(() -> decode(model));
      decodeSeconds = decode(model).medianSeconds();
      report
          .put("prefill_tok_s", rounded(prompt / best, 1))
          .put("decode_tok_s", rounded(1 / decodeSeconds, 1));
      put(report, "rss_load_mb", difference(loaded, before));
      put(report, "rss_peak_mb", ResidentMemory.peakMib());
      report.put("first_prefill_tok_s", rounded(prompt / first, 1));
    }
    return report
        .put("prompt", prompt)
        .put("decode", decode)
        .put("warmup_s", warmUpSeconds)
        .put("weight_bytes_per_token", weightBytes())
        .put("weight_gb_s", rounded(weightBytes() / decodeSeconds / 1e9, 2))
        .put("read_gb_s", rounded(ReadBandwidth.measure(threads) / 1e9, 2))
        .build();
  }

  private void requireRoom(int context) {
    if (prompt + (long) decode > context) {
      throw new InvalidInputException(
          "bench",
          "--prompt and --decode",
          "at most " + context + " tokens in all, the program's context",
          prompt + " + " + decode);
    }
  }

  private long[] ids(int vocabulary) {
    long[] ids = new long[prompt];
    for (int i = 0; i < prompt; i++) {
      ids[i] = Math.floorMod(7L * i % 400 + 3, (long) vocabulary);
    }
    return ids;
  }

  /** Returns the seconds of one prefill from an empty context. */
  private static double prefill(LanguageModel model, long[] ids) {
    long start = System.nanoTime();
    model.feed(ids, 0);
    return (System.nanoTime() - start) / 1e9;
  }

  /** Returns the times of decoding steps after the prompt. */
  private Timings decode(LanguageModel model) {
    long[] nanos = new long[decode];
    long token = 5 % model.vocabulary();
    for (int i = 0; i < decode; i++) {
      long start = System.nanoTime();
      Tensor logits = model.feed(new long[] {token}, prompt + i);
      nanos[i] = System.nanoTime() - start;
      token = best(logits);
    }
    return Timings.of(nanos);
  }

  private static long best(Tensor logits) {
    double[] all = logits.toDoubles();
    int vocabulary = (int) logits.size(logits.rank() - 1);
    int row = all.length - vocabulary;
    int best = 0;
    for (int i = 1; i < vocabulary; i++) {
      if (all[row + i] > all[row + best]) {
        best = i;
      }
    }
    return best;
  }

  private void warmUp(Runnable work) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < warmUpSeconds * 1e9) {
      work.run();
    }
  }

  private long weightBytes() throws IOException {
    try (PteFile program = PteFile.open(file)) {
      return WeightTraffic.of(program, method);
    }
  }

  static OptionalLong difference(OptionalLong a, OptionalLong b) {
    return a.isPresent() && b.isPresent()
        ? OptionalLong.of(a.getAsLong() - b.getAsLong())
        : OptionalLong.empty();
  }

  static void put(JsonObject.Builder report, String name, OptionalLong value) {
    if (value.isPresent()) {
      report.put(name, value.getAsLong());
    } else {
      report.put(name, JsonNull.NULL);
    }
  }

  static double rounded(double value, int digits) {
    double scale = Math.pow(10, digits);
    return Math.round(value * scale) / scale;
  }
}
