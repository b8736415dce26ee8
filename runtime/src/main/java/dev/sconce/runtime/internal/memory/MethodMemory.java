package dev.sconce.runtime.internal.memory;

import dev.sconce.base.InvalidInputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * The memory of one owner, a method or a set of shared arenas: zero-filled, resident only where it
 * was touched, and given back at once by {@link #close}.
 */
public final class MethodMemory implements SegmentAllocator, AutoCloseable {

  // Below this a mapping costs more than the pages it saves.
  private static final long MAPPED_FROM = 1 << 20;
  private static final long ALIGNMENT = 64;

  private final String owner;
  private final Arena arena = Arena.ofShared();
  private final Workspace workspace;

  /**
   * Creates an owner of no memory yet.
   *
   * @param owner its name for messages
   */
  public MethodMemory(String owner) {
    this.owner = owner;
    this.workspace = new Workspace(owner);
  }

  /** Returns new memory of zeros, aligned to 64 bytes. */
  @Override
  public MemorySegment allocate(long size) {
    return allocate(size, ALIGNMENT);
  }

  @Override
  public MemorySegment allocate(long size, long alignment) {
    if (size >= MAPPED_FROM) {
      try {
        return SparseMapping.map(size, arena);
      } catch (IOException e) {
        // No temporary folder, or one without sparse files: ordinary memory does it too.
        return onHeapOfTheSystem(size, alignment);
      }
    }
    return onHeapOfTheSystem(size, alignment);
  }

  private MemorySegment onHeapOfTheSystem(long size, long alignment) {
    try {
      return arena.allocate(size, Math.max(alignment, ALIGNMENT));
    } catch (OutOfMemoryError e) {
      InvalidInputException exception =
          new InvalidInputException(
              owner,
              "memory",
              "room for " + size + " bytes outside the Java heap",
              "less; raise -XX:MaxDirectMemorySize or make a temporary folder available"
                  + " (-Djava.io.tmpdir)");
      exception.initCause(e);
      throw exception;
    }
  }

  /** Returns memory that the owner's steps use one after the other. */
  public Workspace workspace() {
    return workspace;
  }

  /** Returns whether {@link #close} has not been called. */
  public boolean isOpen() {
    return arena.scope().isAlive();
  }

  /** Gives all memory back; later access to it throws. Idempotent. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      workspace.close();
      arena.close();
    }
  }
}
