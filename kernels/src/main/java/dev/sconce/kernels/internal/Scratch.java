package dev.sconce.kernels.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * Memory that a kernel needs while it runs, one set a thread, kept for the next call.
 *
 * <p>Contents are arbitrary at first. A segment stays valid until the same thread asks for the same
 * use again.
 */
public final class Scratch {

  /** What a segment is used for; uses that are live together differ. */
  public enum Use {
    /** Quantized activations of one call. */
    ACTIVATIONS,
    /** Rows of a product in the order of its tiles. */
    TILES,
    /** Weights decoded for one block. */
    PANEL,
    /** Accumulators and other intermediate results of one block. */
    ACCUMULATORS,
    /** Patches of an image. */
    PATCHES,
    /** A converted operand. */
    OPERAND,
    /** Scores of attention. */
    SCORES
  }

  private static final long GRANULE = 4096;

  private final ThreadLocal<Map<Use, MemorySegment>> segments =
      ThreadLocal.withInitial(() -> new EnumMap<>(Use.class));

  private final ThreadLocal<Map<Use, float[]>> arrays =
      ThreadLocal.withInitial(() -> new EnumMap<>(Use.class));

  private final ThreadLocal<Map<Use, int[]>> ints =
      ThreadLocal.withInitial(() -> new EnumMap<>(Use.class));

  /** Creates an empty set. */
  public Scratch() {}

  /** Returns this thread's segment for the given use, of at least the given size. */
  public MemorySegment get(Use use, long bytes) {
    Map<Use, MemorySegment> mine = segments.get();
    MemorySegment segment = mine.get(use);
    if (segment == null || segment.byteSize() < bytes) {
      mine.remove(use);
      long size = (bytes + GRANULE - 1) / GRANULE * GRANULE;
      segment = Arena.ofAuto().allocate(size, 64);
      mine.put(use, segment);
    }
    return segment;
  }

  /** Returns this thread's array for the given use, of at least the given length. */
  public float[] floats(Use use, int length) {
    Map<Use, float[]> mine = arrays.get();
    float[] array = mine.get(use);
    if (array == null || array.length < length) {
      array = new float[length];
      mine.put(use, array);
    }
    return array;
  }

  /** Returns this thread's integers for the given use, of at least the given length. */
  public int[] ints(Use use, int length) {
    Map<Use, int[]> mine = ints.get();
    int[] array = mine.get(use);
    if (array == null || array.length < length) {
      array = new int[length];
      mine.put(use, array);
    }
    return array;
  }
}
