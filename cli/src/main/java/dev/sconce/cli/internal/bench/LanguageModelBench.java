package dev.sconce.cli.internal.bench;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonObject;
import dev.sconce.format.pte.PteFile;
import dev.sconce.runtime.Tensor;
import java.io.IOException;

/**
 * Measures a language model: loading, prefill, decoding, memory.
 *
 * <p>Prefill is the best of its repetitions, decoding the median of the steps after a prompt; both
 * after a warm-up in which the JVM compiles what runs. The first prefill of all is reported beside,
 * since that is what a process that answers once sees. Choosing tokens is not part of a step.
 *
 * @param loaded the method that takes tokens and positions
 * @param threads how many threads compute, for the report and the bandwidth
 * @param prompt how many tokens the prompt has
 * @param decode how many tokens are decoded after it
 * @param warmUpSeconds how long prefill and decoding are warmed up, each
 */
public record LanguageModelBench(
    LoadedMethod loaded, int threads, int prompt, int decode, double warmUpSeconds) {

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
    LanguageModel model = LanguageModel.of(loaded.method());
    requireRoom(model.contextLength(loaded.module()));
    long[] ids = ids(model.vocabulary());
    double first = prefill(model, ids);
    warmUp(() -> prefill(model, ids));
    double best = first;
    for (int i = 0; i < PREFILLS; i++) {
      best = Math.min(best, prefill(model, ids));
    }
    warmUp(() -> decode(model));
    double decodeSeconds = decode(model).medianSeconds();
    JsonObject.Builder report =
        loaded
            .report(threads)
            .put("prefill_tok_s", LoadedMethod.rounded(prompt / best, 1))
            .put("decode_tok_s", LoadedMethod.rounded(1 / decodeSeconds, 1));
    loaded.putMemory(report);
    long weightBytes = weightBytes();
    return report
        .put("first_prefill_tok_s", LoadedMethod.rounded(prompt / first, 1))
        .put("prompt", prompt)
        .put("decode", decode)
        .put("warmup_s", warmUpSeconds)
        .put("weight_bytes_per_token", weightBytes)
        .put("weight_gb_s", LoadedMethod.rounded(weightBytes / decodeSeconds / 1e9, 2))
        .put("read_gb_s", LoadedMethod.rounded(ReadBandwidth.measure(threads) / 1e9, 2))
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
    try (PteFile program = PteFile.open(loaded.file())) {
      return WeightTraffic.of(program, loaded.method().name());
    }
  }
}
