package dev.sconce.format.etdump;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event dump says.
 *
 * @param version the schema version
 * @param runs the runs, in the order of time
 */
public record EtDump(long version, List<Run> runs) {

  /** Creates the record with a copy of the list. */
  public EtDump {
    runs = List.copyOf(runs);
  }

  /**
   * One run.
   *
   * @param name the run's name
   * @param bundledInputIndex which test case of a bundled program was run, or -1
   * @param allocators the names of the allocators that allocation events refer to
   * @param events the events, in the order in which they were noted
   */
  public record Run(
      @Nullable String name,
      int bundledInputIndex,
      List<Allocator> allocators,
      List<EtDumpEvent> events) {

    /** Creates the record with copies of the lists. */
    public Run {
      allocators = List.copyOf(allocators);
      events = List.copyOf(events);
    }
  }

  /**
   * An allocator.
   *
   * @param name its name
   */
  public record Allocator(@Nullable String name) {}
}
