package dev.sconce.cli.internal.generate;

import dev.sconce.cli.internal.Console;
import dev.sconce.generate.runner.Stats;
import java.io.PrintWriter;
import java.util.Locale;

/** Counts and times for people, and the line that ExecuTorch's tools look for. */
public final class StatsReport {

  private StatsReport() {}

  /** Prints a report beside the results. */
  public static void print(Console console, Stats stats) {
    PrintWriter err = console.err();
    err.println(
        line(
            "prompt      %d tokens in %d ms, %.1f tokens/s",
            stats.numPromptTokens(),
            stats.promptEvalEndMs() - stats.inferenceStartMs(),
            stats.promptTokensPerSecond()));
    err.println(
        line(
            "generated   %d tokens in %d ms, %.1f tokens/s",
            stats.numGeneratedTokens(),
            stats.inferenceEndMs() - stats.promptEvalEndMs(),
            stats.generatedTokensPerSecond()));
    err.println(
        line(
            "load %d ms, first token after %d ms, choosing tokens %d ms, program %d ms",
            stats.modelLoadEndMs() - stats.modelLoadStartMs(),
            stats.timeToFirstTokenMs(),
            stats.aggregateSamplingTimeMs(),
            stats.aggregateModelExecutionTimeMs()));
    err.println(stats.observerLine());
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
