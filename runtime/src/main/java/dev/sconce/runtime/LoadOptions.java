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
 * @param tracer who listens to executions, or null
 */
public record LoadOptions(
    List<Path> data, boolean sharedArenas, long instructionLimit, @Nullable EventTracer tracer) {

  /** The official runtime's limit: 10,000,000 instructions an execution. */
  public static final long DEFAULT_INSTRUCTION_LIMIT = 10_000_000;

  private static final LoadOptions DEFAULTS =
      new LoadOptions(List.of(), false, DEFAULT_INSTRUCTION_LIMIT, null);

  /** Copies the list. */
  public LoadOptions {
    data = List.copyOf(data);
    if (instructionLimit < 1) {
      throw new InvalidInputException(
          "LoadOptions", "instructionLimit", "at least 1", "" + instructionLimit);
    }
  }

  /** Returns options that suit most programs: no other files, methods with arenas of their own. */
  public static LoadOptions defaults() {
    return DEFAULTS;
  }

  /** Returns these options with {@code .ptd} files. */
  public LoadOptions withData(Path... files) {
    return new LoadOptions(List.of(files), sharedArenas, instructionLimit, tracer);
  }

  /** Returns these options with one set of arenas for all methods of a module. */
  public LoadOptions withSharedArenas() {
    return new LoadOptions(data, true, instructionLimit, tracer);
  }

  /** Returns these options with another limit of instructions an execution. */
  public LoadOptions withInstructionLimit(long limit) {
    return new LoadOptions(data, sharedArenas, limit, tracer);
  }

  /** Returns these options with somebody who listens to executions. */
  public LoadOptions withTracer(EventTracer listener) {
    return new LoadOptions(data, sharedArenas, instructionLimit, listener);
  }
}
