package dev.sconce.format.pte;

import dev.sconce.format.Blob;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the program table of a {@code .pte} file says ({@code Program} of {@code program.fbs}),
 * without the bytes of its segments.
 *
 * @param header the form of the extended header in front of the table
 * @param version the schema version; 0 in every file so far
 * @param plans the methods
 * @param inlineConstants constants inside the table, as files before September 2024 hold them; the
 *     first is a placeholder
 * @param inlineDelegateData delegate blobs inside the table
 * @param segments where the segments lie, relative to the segment base
 * @param constantSegment the segment of constants and where each starts in it; null in old files
 * @param mutableDataSegments the initial values of mutable tensors; runtimes use the first entry
 * @param namedData segments with a key
 */
public record PteProgram(
    HeaderForm header,
    long version,
    List<ExecutionPlan> plans,
    List<Blob> inlineConstants,
    List<Blob> inlineDelegateData,
    List<DataSegment> segments,
    @Nullable SubsegmentOffsets constantSegment,
    List<SubsegmentOffsets> mutableDataSegments,
    List<NamedData> namedData) {

  /** Copies the lists. */
  public PteProgram {
    plans = List.copyOf(plans);
    inlineConstants = List.copyOf(inlineConstants);
    inlineDelegateData = List.copyOf(inlineDelegateData);
    segments = List.copyOf(segments);
    mutableDataSegments = List.copyOf(mutableDataSegments);
    namedData = List.copyOf(namedData);
  }

  /** Returns the method of a name. */
  public Optional<ExecutionPlan> plan(String name) {
    return plans.stream().filter(plan -> plan.name().equals(name)).findFirst();
  }

  /**
   * Returns whether constants are found in {@link #inlineConstants}: so it is when the constant
   * segment is absent or has no offsets, not even the placeholder.
   */
  public boolean usesInlineConstants() {
    return constantSegment == null || constantSegment.offsets().isEmpty();
  }
}
