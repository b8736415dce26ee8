package dev.sconce.format.etdump;

import dev.sconce.format.Blob;
import org.jspecify.annotations.Nullable;

/** Something that happened in a run. */
public sealed interface EtDumpEvent {

  /**
   * Where in the program an event belongs.
   *
   * @param chain the index of the chain
   * @param instruction the index of the instruction, or -1
   * @param delegateDebugId the delegate's number of what it ran, or -1
   * @param delegateDebugName the delegate's name of what it ran; delegates use one or the other
   */
  record Origin(
      long chain, int instruction, int delegateDebugId, @Nullable String delegateDebugName) {

    /** Returns the origin of an event that belongs to an instruction as a whole. */
    public static Origin ofInstruction(int instruction) {
      return new Origin(0, instruction, -1, null);
    }
  }

  /**
   * Time that something took.
   *
   * @param name what it was, such as {@code native_call_add.out}
   * @param origin where it belongs
   * @param delegateMetadata bytes that a delegate added; null for none
   * @param start when it began, in the runtime's ticks
   * @param end when it ended
   */
  record ProfileEvent(
      @Nullable String name, Origin origin, @Nullable Blob delegateMetadata, long start, long end)
      implements EtDumpEvent {}

  /**
   * Memory that was asked for.
   *
   * @param allocator the index of the allocator
   * @param size the bytes
   */
  record AllocationEvent(int allocator, long size) implements EtDumpEvent {}

  /**
   * A value that was computed.
   *
   * @param name what computed it
   * @param origin where it belongs
   * @param value the value; null if none was noted
   */
  record DebugEvent(@Nullable String name, Origin origin, @Nullable EtDumpValue value)
      implements EtDumpEvent {}
}
