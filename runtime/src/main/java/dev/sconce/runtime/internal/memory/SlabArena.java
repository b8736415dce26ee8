package dev.sconce.runtime.internal.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An arena for many pieces that live equally long: it allocates memory in slabs and cuts pieces off
 * them.
 *
 * <p>The JDK zeroes every allocation with a loop in Java. A process that has just been started
 * spends a fourth of the time that it takes to load a program in it, since nothing is compiled yet.
 * What is allocated as a copy of other memory is not zeroed first, and copying and filling are
 * native: so slabs are copies of whatever is at hand, filled with zeros. They grow with what has
 * been allocated, so that little is left over.
 */
public final class SlabArena implements Arena {

  private static final long FIRST_SLAB = 64 << 10;
  private static final long LARGEST_SLAB = 16 << 20;
  // A slab is at most this part of what has been allocated before.
  private static final int PART = 4;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment anything;
  private MemorySegment slab = MemorySegment.NULL;
  private long used;
  private long allocated;

  /**
   * Creates an arena without memory.
   *
   * @param anything memory to copy from, readable as long as this allocates; pieces that are larger
   *     take longer
   */
  public SlabArena(MemorySegment anything) {
    this.anything = anything;
  }

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
        return zeros(size, alignment);
      }
      slab = zeros(next, alignment);
      allocated += next;
      from = 0;
    }
    used = from + size;
    return slab.asSlice(from, size);
  }

  private MemorySegment zeros(long size, long alignment) {
    if (size > anything.byteSize() - alignment) {
      return arena.allocate(size, alignment);
    }
    MemorySegment memory =
        arena.allocateFrom(
            ValueLayout.JAVA_BYTE, anything, ValueLayout.JAVA_BYTE, 0, size + alignment);
    return memory.asSlice(-memory.address() & (alignment - 1), size).fill((byte) 0);
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
