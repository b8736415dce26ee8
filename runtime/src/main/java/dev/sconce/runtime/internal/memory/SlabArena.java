package dev.sconce.runtime.internal.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An arena for many pieces that live equally long: it allocates memory in slabs and cuts pieces off
 * them.
 *
 * <p>The JDK zeroes every allocation with a Java loop, which starts in the interpreter each time. A
 * program that has just been started allocates its packed weights one by one: in slabs that loop is
 * compiled once. Slabs grow with what has been allocated, so that little is left over.
 */
public final class SlabArena implements Arena {

  private static final long FIRST_SLAB = 64 << 10;
  private static final long LARGEST_SLAB = 16 << 20;
  // A slab is at most this part of what has been allocated before.
  private static final int PART = 4;

  private final Arena arena = Arena.ofShared();
  private MemorySegment slab = MemorySegment.NULL;
  private long used;
  private long allocated;

  /** Creates an arena without memory. */
  public SlabArena() {}

  /**
   * Returns memory of zeros.
   *
   * @param size how many bytes
   * @param alignment a power of two
   */
  @Override
  public synchronized MemorySegment allocate(long size, long alignment) {
    long from = aligned(alignment);
    if (size > slab.byteSize() - from) {
      long next = Math.clamp(allocated / PART, FIRST_SLAB, LARGEST_SLAB);
      if (size > next / PART) {
        // Its own piece: the rest of the slab stays for smaller ones.
        allocated += size;
        return arena.allocate(size, alignment);
      }
      slab = arena.allocate(next, alignment);
      allocated += next;
      from = 0;
    }
    used = from + size;
    return slab.asSlice(from, size);
  }

  /** Returns the offset of the first free byte at which an address has the alignment. */
  private long aligned(long alignment) {
    long address = slab.address() + used;
    return used + (-address & (alignment - 1));
  }

  @Override
  public MemorySegment.Scope scope() {
    return arena.scope();
  }

  @Override
  public void close() {
    arena.close();
  }
}
