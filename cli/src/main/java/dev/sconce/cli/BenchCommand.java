package dev.sconce.cli;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonWriter;
import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.InputFiles;
import dev.sconce.cli.internal.JsonOption;
import dev.sconce.cli.internal.Table;
import dev.sconce.cli.internal.ThreadsOption;
import dev.sconce.cli.internal.bench.LanguageModelBench;
import dev.sconce.cli.internal.bench.LatencyBench;
import dev.sconce.cli.internal.bench.LoadedMethod;
import dev.sconce.runtime.LoadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how fast a program runs. */
@Command(
    name = "bench",
    description = {
      "Measure how fast a program runs.",
      "Language models (tokens and positions in, logits out): loading, prefill and decoding after a"
          + " warm-up, memory. Other programs: the time of one execution."
    })
final class BenchCommand implements Callable<Integer> {

  private static final int PROMPT = 256;
  private static final int DECODE = 64;
  private static final int RUNS = 20;

  private final Console console;

  @Parameters(paramLabel = "FILE", description = "The program, a .pte file.")
  private Path file = Path.of("");

  @Option(
      names = {"-m", "--method"},
      paramLabel = "M",
      description = "The method (default: ${DEFAULT-VALUE}).")
  private String method = "forward";

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "A .ptd file that the program needs.")
  private List<Path> data = List.of();

  @Option(
      names = "--prompt",
      paramLabel = "N",
      description = "Language models: tokens of the prompt (default: " + PROMPT + ").")
  private @Nullable Integer prompt;

  @Option(
      names = "--decode",
      paramLabel = "N",
      description = "Language models: tokens to decode (default: " + DECODE + ").")
  private @Nullable Integer decode;

  @Option(
      names = {"-i", "--input"},
      paramLabel = "FILE",
      description =
          "Other programs: inputs, as 'run' takes them (default: zeros of the largest shapes).")
  private List<Path> inputs = List.of();

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Other programs: executions to measure (default: " + RUNS + ").")
  private @Nullable Integer runs;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      description =
          "How long each kind of call runs before it is measured (default: ${DEFAULT-VALUE}).")
  private double warmUp = 3;

  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private JsonOption json = new JsonOption();

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    LoadOptions options = threads.apply(LoadOptions.defaults()).withData(data.toArray(Path[]::new));
    JsonObject report;
    try (LoadedMethod loaded = LoadedMethod.of(file, method, options)) {
      report =
          loaded.isLanguageModel() && inputs.isEmpty() ? languageModel(loaded) : latency(loaded);
    }
    if (json.wanted()) {
      console.line(JsonWriter.compact(report));
    } else {
      Table table = Table.plain();
      report.members().forEach((name, value) -> table.row(name, JsonWriter.compact(value)));
      console.print(table);
    }
    return ExitCode.OK;
  }

  private JsonObject languageModel(LoadedMethod loaded) throws IOException {
    refuse("--runs", runs, "a program that is no language model", "a language model");
    return new LanguageModelBench(
            loaded,
            threads.count(),
            prompt == null ? PROMPT : prompt,
            decode == null ? DECODE : decode,
            warmUp)
        .run();
  }

  private JsonObject latency(LoadedMethod loaded) throws IOException {
    refuse("--prompt", prompt, "a language model without --input", "another program, or --input");
    refuse("--decode", decode, "a language model without --input", "another program, or --input");
    return new LatencyBench(
            loaded, threads.count(), InputFiles.read(inputs), runs == null ? RUNS : runs, warmUp)
        .run();
  }

  private static void refuse(String option, @Nullable Integer given, String needs, String found) {
    if (given != null) {
      throw new InvalidInputException("bench", option, needs, found);
    }
  }
}
