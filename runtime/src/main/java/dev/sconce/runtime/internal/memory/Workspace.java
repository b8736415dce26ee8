package dev.sconce.runtime.internal.memory;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Memory for intermediate results that nobody needs once a step has ended: one for all steps of a
 * method, which run one after the other. It grows to what the largest of them asks for.
 */
public final class Workspace implements AutoCloseable {

  private final String owner;
  private @Nullable MethodMemory memory;
  private MemorySegment segment = MemorySegment.NULL;
  private long generation;

  Workspace(String owner) {
    this.owner = owner;
  }

  /** Returns how often the memory has been replaced; views are valid while this is the same. */
  public long generation() {
    return generation;
  }

  /** Returns the memory, made to hold so many bytes at least. Contents are arbitrary. */
  public MemorySegment reserve(long bytes) {
    if (segment.byteSize() >= bytes) {
      return segment;
    }
    // Sequences grow token by token: not every one of them shall cost a mapping.
    long wanted = Math.max(bytes, segment.byteSize() + segment.byteSize() / 2);
    close();
    MethodMemory larger = new MethodMemory(owner);
    memory = larger;
    segment = larger.allocate(wanted);
    generation++;
    return segment;
  }

  @Override
  public void close() {
    segment = MemorySegment.NULL;
    if (memory != null) {
      memory.close();
      memory = null;
    }
  }
}
