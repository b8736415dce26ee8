package dev.sconce.runtime;

import dev.sconce.base.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to load and run a program. Immutable; start from {@link #defaults}.
 *
 * @param data {@code .ptd} files with weights that the program does not hold itself
 * @param sharedArenas whether all methods of a {@link PteModule} share one set of arenas, as
 *     programs exported with {@code share_mutable_buffers} need it
 * @param instructionLimit how many instructions one execution may take; the official runtime's
 *     limit by default
 * @param threads how many threads of its own the program computes with, the caller's included, or 0
 *     to share the threads of the process with all others
 * @param tracer who listens to executions, or null
 * @param warmUp whether loading a method makes the JVM compile, in the background, what the program
 *     computes with
 */
public record LoadOptions(
    List<Path> data,
    boolean sharedArenas,
    long instructionLimit,
    int threads,
    @Nullable EventTracer tracer,
    boolean warmUp) {

  /** The official runtime's limit: 10,000,000 instructions an execution. */
  public static final long DEFAULT_INSTRUCTION_LIMIT = 10_000_000;

  private static final LoadOptions DEFAULTS =
      new LoadOptions(List.of(), false, DEFAULT_INSTRUCTION_LIMIT, 0, null, false);

  /** Copies the list. */
  public LoadOptions {
    data = List.copyOf(data);
    if (instructionLimit < 1) {
      throw new InvalidInputException(
          "LoadOptions", "instructionLimit", "at least 1", "" + instructionLimit);
    }
    if (threads < 0) {
      throw new InvalidInputException(
          "LoadOptions", "threads", "at least 1, or 0 for those of the process", "" + threads);
    }
  }

  /** Returns options that suit most programs: no other files, methods with arenas of their own. */
  public static LoadOptions defaults() {
    return DEFAULTS;
  }

  /** Returns these options with {@code .ptd} files. */
  public LoadOptions withData(Path... files) {
    return new LoadOptions(List.of(files), sharedArenas, instructionLimit, threads, tracer, warmUp);
  }

  /** Returns these options with one set of arenas for all methods of a module. */
  public LoadOptions withSharedArenas() {
    return new LoadOptions(data, true, instructionLimit, threads, tracer, warmUp);
  }

  /** Returns these options with another limit of instructions an execution. */
  public LoadOptions withInstructionLimit(long limit) {
    return new LoadOptions(data, sharedArenas, limit, threads, tracer, warmUp);
  }

  /**
   * Returns these options with threads of the program's own, which end when it is closed. By
   * default programs share the threads of the process, one for each processor granted.
   *
   * @param count how many threads compute, the caller's included; 0 for those of the process
   */
  public LoadOptions withThreads(int count) {
    return new LoadOptions(data, sharedArenas, instructionLimit, count, tracer, warmUp);
  }

  /** Returns these options with somebody who listens to executions. */
  public LoadOptions withTracer(EventTracer listener) {
    return new LoadOptions(data, sharedArenas, instructionLimit, threads, listener, warmUp);
  }

  /**
   * Returns these options with a warm-up: once a method is loaded, a thread runs the kernels of the
   * program's weights on dummy data until the JVM has compiled them, for ten seconds at most. For
   * programs that wait before they answer, such as a service or a chat; one that answers at once
   * would share its processors with it.
   */
  public LoadOptions withWarmUp() {
    return new LoadOptions(data, sharedArenas, instructionLimit, threads, tracer, true);
  }
}
