package dev.sconce.format.pte;

import dev.sconce.format.Longs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a new program together, in the form that the most runtimes read.
 *
 * <p>Data is reserved by size before it exists; what comes back is the index that tensors and
 * delegates refer to. {@link #build} fixes every offset, and {@link PteFileWriter} takes the data,
 * segment by segment. A program goes from nothing to a file like this:
 *
 * <pre>{@code
 * PteBuilder program = new PteBuilder();
 * int weight = program.constant(4 * 256);
 * PlanBuilder forward = program.plan("forward");
 * ...
 * PteLayout layout = program.build();
 * try (PteFileWriter writer = PteFileWriter.create(path, layout)) {
 *   try (WritableByteChannel constants = writer.segment(PteBuilder.CONSTANT_SEGMENT)) {
 *     ...
 *   }
 *   writer.finish();
 * }
 * }</pre>
 *
 * <p>Segments lie in the order in which they were reserved, then the initial values, and the
 * constants at the end: constants reserved last may be computed from everything before them. Only
 * fields that runtimes since ExecuTorch 0.7 know are written. Instances are confined to one thread.
 */
public final class PteBuilder {

  /** The segment that holds all constants, also in a program that has none. */
  public static final int CONSTANT_SEGMENT = 0;

  private static final int CONSTANT_ALIGNMENT = 16;

  private final List<Long> segmentSizes = new ArrayList<>(List.of(0L));
  private final Map<String, Integer> namedData = new LinkedHashMap<>();
  private final Subsegments constants = new Subsegments(CONSTANT_ALIGNMENT);
  private final Subsegments initialValues = new Subsegments(CONSTANT_ALIGNMENT);
  private final Map<String, PlanBuilder> plans = new LinkedHashMap<>();

  /** Creates a builder of an empty program. */
  public PteBuilder() {}

  /**
   * Reserves a constant.
   *
   * @param size its bytes
   * @return the data buffer index for {@link PteValue.TensorValue}
   */
  public int constant(long size) {
    return constants.reserve(size);
  }

  /**
   * Reserves the initial value of a mutable tensor, which must also have planned memory.
   *
   * @param size its bytes
   * @return the data buffer index for {@link PteValue.TensorValue}
   */
  public int initialValue(long size) {
    return initialValues.reserve(size);
  }

  /**
   * Reserves a segment for the blob of a delegate.
   *
   * @param size its bytes
   * @return the segment's index
   */
  public int segment(long size) {
    if (size < 0) {
      throw new IllegalArgumentException("a negative size: " + size);
    }
    segmentSizes.add(size);
    return segmentSizes.size() - 1;
  }

  /**
   * Reserves a segment that is found by a name.
   *
   * @param key the name, unique in the program; backends may cache what they make of the data by
   *     this key across programs, so it must stand for the content
   * @param size its bytes
   * @return the segment's index
   */
  public int namedData(String key, long size) {
    if (namedData.containsKey(key)) {
      throw new IllegalArgumentException("named data \"" + key + "\" exists already");
    }
    int segment = segment(size);
    namedData.put(key, segment);
    return segment;
  }

  /**
   * Gives named data another name.
   *
   * @param key the other name
   * @param segment what {@link #namedData(String, long)} returned
   */
  public void alias(String key, int segment) {
    if (!namedData.containsValue(segment) || namedData.putIfAbsent(key, segment) != null) {
      throw new IllegalArgumentException("cannot give segment " + segment + " the name " + key);
    }
  }

  /** Starts a method. */
  public PlanBuilder plan(String name) {
    PlanBuilder plan = new PlanBuilder(name);
    if (plans.putIfAbsent(name, plan) != null) {
      throw new IllegalArgumentException("method \"" + name + "\" exists already");
    }
    return plan;
  }

  /** Adds a method without inputs and instructions that returns some values: a metadata getter. */
  public void getter(String name, PteValue... values) {
    PlanBuilder plan = plan(name);
    for (PteValue value : values) {
      plan.output(plan.value(value));
    }
  }

  /**
   * Returns where a constant starts in {@link #CONSTANT_SEGMENT}.
   *
   * @param dataBufferIndex what {@link #constant} returned
   */
  public long constantOffset(int dataBufferIndex) {
    return constants.offsets.get(dataBufferIndex);
  }

  /**
   * Returns where an initial value starts in {@link #initialValueSegment}.
   *
   * @param dataBufferIndex what {@link #initialValue} returned
   */
  public long initialValueOffset(int dataBufferIndex) {
    return initialValues.offsets.get(dataBufferIndex);
  }

  /** Returns the index that the segment of the initial values has if nothing more is reserved. */
  public int initialValueSegment() {
    return segmentSizes.size();
  }

  /**
   * Fixes sizes and offsets of everything. The builder may be used further; a later layout has room
   * for what came later.
   */
  public PteLayout build() {
    List<Long> sizes = new ArrayList<>(segmentSizes);
    sizes.set(CONSTANT_SEGMENT, constants.size);
    List<SubsegmentOffsets> mutable = List.of();
    if (initialValues.size > 0) {
      mutable = List.of(initialValues.at(initialValueSegment()));
      sizes.add(initialValues.size);
    }
    DataSegment[] segments = new DataSegment[sizes.size()];
    long end = 0;
    for (int i = 1; i <= segments.length; i++) {
      int index = i % segments.length; // from 1 on, then 0: constants come last
      long start = sizes.get(index) == 0 ? 0 : aligned(end, PteLayout.SEGMENT_ALIGNMENT);
      segments[index] = new DataSegment(start, sizes.get(index));
      end = Math.max(end, Math.addExact(start, sizes.get(index)));
    }
    return PteLayout.of(
        new PteProgram(
            end == 0 ? HeaderForm.NONE : HeaderForm.FULL,
            0,
            plans.values().stream().map(PlanBuilder::build).toList(),
            List.of(),
            List.of(),
            List.of(segments),
            constants.at(CONSTANT_SEGMENT),
            mutable,
            namedData.entrySet().stream()
                .map(entry -> new NamedData(entry.getKey(), entry.getValue()))
                .toList()));
  }

  static long aligned(long offset, int alignment) {
    return Math.multiplyExact(Math.ceilDiv(offset, (long) alignment), (long) alignment);
  }

  /** Tensors in one segment. */
  private static final class Subsegments {
    private final int alignment;

    /** The first is a placeholder: index 0 means that a tensor has no data. */
    private final List<Long> offsets = new ArrayList<>(List.of(0L));

    private long size;

    Subsegments(int alignment) {
      this.alignment = alignment;
    }

    int reserve(long bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("a negative size: " + bytes);
      }
      long offset = aligned(size, alignment);
      offsets.add(offset);
      size = Math.addExact(offset, bytes);
      return offsets.size() - 1;
    }

    SubsegmentOffsets at(int segment) {
      return new SubsegmentOffsets(
          segment, Longs.of(offsets.stream().mapToLong(offset -> offset).toArray()));
    }
  }
}
