package dev.sconce.cli.internal.generate;

import dev.sconce.cli.internal.ThreadsOption;
import dev.sconce.generate.runner.RunnerOptions;
import dev.sconce.runtime.LoadOptions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that load a runner. */
public final class RunnerOption {

  @Option(
      names = "--tokenizer",
      paramLabel = "PATH",
      description =
          "A tokenizer's file or a checkpoint's folder; goes before the one in the program.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "A .ptd file that the program needs.")
  private List<Path> data = List.of();

  @Option(
      names = {"-m", "--method"},
      paramLabel = "M",
      description = "The method that gives logits (default: the one that exporters name so).")
  private @Nullable String method;

  @Mixin private ThreadsOption threads = new ThreadsOption();

  /** Creates the options, none given. */
  public RunnerOption() {}

  /** Returns how to load the runner. */
  public RunnerOptions options() {
    RunnerOptions options =
        RunnerOptions.defaults()
            .withLoad(threads.apply(LoadOptions.defaults()).withData(data.toArray(Path[]::new)));
    if (tokenizer != null) {
      options = options.withTokenizer(tokenizer);
    }
    return method == null ? options : options.withMethod(method);
  }
}
