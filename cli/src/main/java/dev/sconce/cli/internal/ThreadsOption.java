package dev.sconce.cli.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.kernels.KernelSupport;
import dev.sconce.runtime.LoadOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --threads} of commands that execute programs. */
public final class ThreadsOption {

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "How many threads compute (default: as many as this machine grants).")
  private @Nullable Integer threads;

  /** Creates the option, not given. */
  public ThreadsOption() {}

  /** Returns the options with the threads that were asked for. */
  public LoadOptions apply(LoadOptions options) {
    if (threads == null) {
      return options;
    }
    if (threads < 1) {
      throw new InvalidInputException("command line", "--threads", "at least 1", "" + threads);
    }
    return options.withThreads(threads);
  }

  /** Returns how many threads compute. */
  public int count() {
    return threads == null ? KernelSupport.detect().threads() : threads;
  }
}
