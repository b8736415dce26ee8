package dev.sconce.format.pte;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;

/**
 * Where everything of a program lies in its file. Known before any weight is: the program table
 * holds sizes and offsets, but no data.
 *
 * <pre>
 *   0            program table, with the extended header inside
 *   segmentBase  segments, where the program says, with zeros between
 * </pre>
 *
 * <p>The order of segments in the file is free: the program's order is that of its indices.
 */
public final class PteLayout {

  /** The alignment of segments that the official exporter uses, for mapping and for DMA. */
  public static final int SEGMENT_ALIGNMENT = 128;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final PteProgram program;
  private final PteHeader header;
  private final MemorySegment table;

  private PteLayout(PteProgram program, PteHeader header, MemorySegment table) {
    this.program = program;
    this.header = header;
    this.table = table;
  }

  /** Lays out a program whose segments start at a multiple of 128 bytes. */
  public static PteLayout of(PteProgram program) {
    return of(program, SEGMENT_ALIGNMENT);
  }

  /**
   * Lays out a program.
   *
   * @param segmentAlignment what the start of the first segment is a multiple of; a power of two
   * @throws IllegalArgumentException if segments overlap, or if there is data in segments but no
   *     header that could say where
   */
  public static PteLayout of(PteProgram program, int segmentAlignment) {
    if (Integer.bitCount(segmentAlignment) != 1) {
      throw new IllegalArgumentException("not a power of two: " + segmentAlignment);
    }
    long dataSize = dataSize(program.segments());
    if (program.header() == HeaderForm.NONE && dataSize > 0) {
      throw new IllegalArgumentException("a file without header cannot hold segments");
    }
    MemorySegment table = PteEncoder.encode(program);
    long programSize = table.byteSize();
    long base = dataSize == 0 ? 0 : Math.ceilDiv(programSize, segmentAlignment) * segmentAlignment;
    PteHeader header =
        new PteHeader(
            program.header(),
            programSize,
            base,
            program.header() == HeaderForm.FULL ? dataSize : 0);
    writeHeader(header, table);
    return new PteLayout(program, header, table.asReadOnly());
  }

  private static long dataSize(List<DataSegment> segments) {
    long end = 0;
    List<DataSegment> sorted =
        segments.stream()
            .filter(segment -> segment.size() > 0)
            .sorted(Comparator.comparingLong(DataSegment::offset))
            .toList();
    for (DataSegment segment : sorted) {
      if (segment.offset() < end) {
        throw new IllegalArgumentException("segments overlap at " + segment);
      }
      end = Math.addExact(segment.offset(), segment.size());
    }
    return end;
  }

  private static void writeHeader(PteHeader header, MemorySegment table) {
    if (header.form() == HeaderForm.NONE) {
      return;
    }
    table.set(INT, PteHeader.OFFSET, PteHeader.MAGIC);
    table.set(INT, PteHeader.OFFSET + 4, header.form().length());
    table.set(LONG, PteHeader.OFFSET + 8, header.programSize());
    table.set(LONG, PteHeader.OFFSET + 16, header.segmentBase());
    table.set(LONG, PteHeader.OFFSET + 24, header.segmentDataSize());
  }

  /** Returns the program that is laid out. */
  public PteProgram program() {
    return program;
  }

  /** Returns the header. */
  public PteHeader header() {
    return header;
  }

  /** Returns the bytes of the program table with its header, read-only. */
  public MemorySegment table() {
    return table;
  }

  /** Returns where a segment starts in the file. */
  public long segmentOffset(int index) {
    return Math.addExact(header.segmentBase(), program.segments().get(index).offset());
  }

  /** Returns the size of the file. */
  public long fileSize() {
    long size = header.programSize();
    for (int i = 0; i < program.segments().size(); i++) {
      long data = program.segments().get(i).size();
      if (data > 0) {
        size = Math.max(size, segmentOffset(i) + data);
      }
    }
    return size;
  }
}
