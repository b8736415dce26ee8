package dev.sconce.cli.internal.bench;

import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonObject;
import dev.sconce.generate.runner.DefaultIoManager;
import dev.sconce.runtime.LoadOptions;
import dev.sconce.runtime.Method;
import dev.sconce.runtime.PteModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A method to be measured, and what it took to load it: the first thing that the process does, so
 * that the classes it needs are part of it.
 */
public final class LoadedMethod implements AutoCloseable {

  private final Path file;
  private final PteModule module;
  private final Method method;
  private final double seconds;
  private final OptionalLong addedMib;

  private LoadedMethod(
      Path file, PteModule module, Method method, double seconds, OptionalLong addedMib) {
    this.file = file;
    this.module = module;
    this.method = method;
    this.seconds = seconds;
    this.addedMib = addedMib;
  }

  /**
   * Loads a method.
   *
   * @throws IOException if a file cannot be read
   */
  public static LoadedMethod of(Path file, String name, LoadOptions options) throws IOException {
    OptionalLong before = ResidentMemory.peakMib();
    long start = System.nanoTime();
    PteModule module = PteModule.load(file, options);
    try {
      Method method = module.loadMethod(name);
      double seconds = (System.nanoTime() - start) / 1e9;
      OptionalLong after = ResidentMemory.peakMib();
      return new LoadedMethod(file, module, method, seconds, difference(after, before));
    } catch (RuntimeException e) {
      module.close();
      throw e;
    }
  }

  private static OptionalLong difference(OptionalLong a, OptionalLong b) {
    return a.isPresent() && b.isPresent()
        ? OptionalLong.of(a.getAsLong() - b.getAsLong())
        : OptionalLong.empty();
  }

  /** Returns whether the method takes tokens and positions and returns logits. */
  public boolean isLanguageModel() {
    return DefaultIoManager.suits(method.metadata());
  }

  Path file() {
    return file;
  }

  PteModule module() {
    return module;
  }

  Method method() {
    return method;
  }

  /** Returns a report that begins with the threads and how long loading took. */
  JsonObject.Builder report(int threads) {
    return JsonObject.builder().put("threads", threads).put("load_s", rounded(seconds, 3));
  }

  /** Adds what loading added to the largest resident size, and that size as it is now. */
  void putMemory(JsonObject.Builder report) {
    put(report, "rss_load_mb", addedMib);
    put(report, "rss_peak_mb", ResidentMemory.peakMib());
  }

  private static void put(JsonObject.Builder report, String name, OptionalLong value) {
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

  @Override
  public void close() {
    module.close();
  }
}
