package dev.sconce.format.pte;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MappedFile;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.flatbuffer.FieldProbe;
import dev.sconce.format.flatbuffer.FlatBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An opened {@code .pte} file: its program table as records, and views of its segments.
 *
 * <p>Opening maps the file, reads the program table and verifies it: every index, range and size in
 * an opened program holds. Segments are read when they are touched; what is inside delegates' blobs
 * is for their formats to verify. Any thread may use an instance. Everything that was handed out
 * may be used until {@link #close}.
 */
public final class PteFile implements AutoCloseable {

  /** Large pages of the machines in use. */
  private static final int MAX_ALIGNMENT = 1 << 16;

  private final MemoryReader bytes;
  private final PteHeader header;
  private final PteProgram program;
  private final @Nullable MappedFile owned;
  private final Map<String, Integer> namedSegments = new HashMap<>();

  private PteFile(
      MemoryReader bytes, PteHeader header, PteProgram program, @Nullable MappedFile owned) {
    this.bytes = bytes;
    this.header = header;
    this.program = program;
    this.owned = owned;
    for (NamedData data : program.namedData()) {
      namedSegments.put(data.key(), data.segmentIndex());
    }
  }

  /**
   * Maps a file and reads its program table.
   *
   * @throws IOException if the file cannot be opened
   * @throws MalformedFileException if it is not a well-formed program
   */
  public static PteFile open(Path path) throws IOException {
    return open(path, PteLimits.defaults());
  }

  /**
   * Maps a file and reads its program table.
   *
   * @param limits what a program may ask for
   * @throws IOException if the file cannot be opened
   * @throws MalformedFileException if it is not a well-formed program, or asks for more
   */
  public static PteFile open(Path path, PteLimits limits) throws IOException {
    MappedFile file = MappedFile.open(path);
    try {
      return read(file.reader(), limits, file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Reads the program that fills a region, for example one inside a bundled program. Closing the
   * result does not end the region's life.
   *
   * @throws MalformedFileException if it is not a well-formed program
   */
  public static PteFile of(MemoryReader bytes) {
    return read(bytes, PteLimits.defaults(), null);
  }

  private static PteFile read(MemoryReader bytes, PteLimits limits, @Nullable MappedFile owned) {
    PteHeader header = PteHeader.read(bytes);
    MemoryReader table = bytes.slice(0, header.programSize(), FieldPath.root());
    PteProgram program = PteReader.program(FlatBuffer.of(table), header.form());
    PteFile file = new PteFile(bytes, header, program, owned);
    PteVerifier.verify(file, limits);
    return file;
  }

  /** Returns where in the file the field of a path stands, or the nearest thing around it. */
  long locate(FieldPath path) {
    FieldProbe probe = new FieldProbe(path.toString());
    MemoryReader table = bytes.slice(0, header.programSize(), FieldPath.root());
    PteReader.program(FlatBuffer.of(table, probe), header.form());
    return probe.offset();
  }

  /** Returns the power of two, 128 or more, that the start of the segments is a multiple of. */
  int alignment() {
    long base = header.segmentBase();
    return Math.clamp(Long.lowestOneBit(base), PteLayout.SEGMENT_ALIGNMENT, MAX_ALIGNMENT);
  }

  /** Returns what the program table says. */
  public PteProgram program() {
    return program;
  }

  /** Returns the header, or what its absence means. */
  public PteHeader header() {
    return header;
  }

  /** Returns the whole file's bytes. */
  public MemoryReader bytes() {
    return bytes;
  }

  /**
   * Returns the bytes of a segment, read-only.
   *
   * @throws MalformedFileException if there is no such segment, or it leaves the file
   */
  public MemorySegment segment(int index) {
    return segmentReader(index).memory();
  }

  /**
   * Returns a checked reader of a segment.
   *
   * @throws MalformedFileException if there is no such segment, or it leaves the file
   */
  public MemoryReader segmentReader(int index) {
    FieldPath path = FieldPath.root().field("segments");
    if (index < 0 || index >= program.segments().size()) {
      throw new MalformedFileException(
          bytes.file(),
          -1,
          path.toString(),
          "a segment index below " + program.segments().size(),
          "" + index);
    }
    DataSegment segment = program.segments().get(index);
    FieldPath element = path.element(index);
    bytes.check(header.segmentBase(), segment.offset(), element);
    return bytes.slice(header.segmentBase() + segment.offset(), segment.size(), element);
  }

  /**
   * Returns the bytes of a constant, from the constant segment or the program table.
   *
   * @param dataBufferIndex the tensor's index, not 0
   * @param size the bytes that the tensor's sizes and type ask for
   * @throws MalformedFileException if there are fewer bytes
   */
  public MemorySegment constant(int dataBufferIndex, long size) {
    SubsegmentOffsets constants = program.constantSegment();
    if (constants == null || program.usesInlineConstants()) {
      FieldPath path = FieldPath.root().field("constant_buffer").element(dataBufferIndex);
      int count = program.inlineConstants().size();
      if (dataBufferIndex >= count) {
        throw missing(path, "an index below " + count);
      }
      MemorySegment data = program.inlineConstants().get(dataBufferIndex).memory();
      if (data.byteSize() < size) {
        throw missing(path, size + " bytes", data.byteSize() + " bytes");
      }
      return data.asSlice(0, size);
    }
    FieldPath path =
        FieldPath.root().field("constant_segment").field("offsets").element(dataBufferIndex);
    return subsegment(constants, dataBufferIndex, size, path);
  }

  /**
   * Returns the initial bytes of a mutable tensor.
   *
   * @param dataBufferIndex the tensor's index, not 0
   * @param size the bytes that the tensor's sizes and type ask for
   * @throws MalformedFileException if there are fewer bytes
   */
  public MemorySegment initialValue(int dataBufferIndex, long size) {
    // Runtimes use the first entry whatever the tensor's mutable_data_segments_idx says.
    FieldPath path = FieldPath.root().field("mutable_data_segments").element(0);
    if (program.mutableDataSegments().isEmpty()) {
      throw missing(path, "a mutable data segment");
    }
    return subsegment(
        program.mutableDataSegments().get(0),
        dataBufferIndex,
        size,
        path.field("offsets").element(dataBufferIndex));
  }

  private MemorySegment subsegment(
      SubsegmentOffsets subsegments, int index, long size, FieldPath path) {
    if (index >= subsegments.offsets().size()) {
      throw missing(path, "an index below " + subsegments.offsets().size());
    }
    MemoryReader segment = segmentReader(subsegments.segmentIndex());
    return segment.bytes(subsegments.offsets().at(index), size, path);
  }

  /**
   * Returns a checked reader of a delegate's blob.
   *
   * @throws MalformedFileException if the blob does not exist
   */
  public MemoryReader delegateData(BackendDelegate delegate) {
    return switch (delegate.location()) {
      case SEGMENT -> segmentReader(delegate.index());
      case INLINE -> {
        FieldPath path = FieldPath.root().field("backend_delegate_data").element(delegate.index());
        if (delegate.index() >= program.inlineDelegateData().size()) {
          throw missing(path, "an index below " + program.inlineDelegateData().size());
        }
        MemorySegment data = program.inlineDelegateData().get(delegate.index()).memory();
        // An empty blob may stand anywhere.
        long offset = data.byteSize() == 0 ? 0 : data.address() - bytes.memory().address();
        yield bytes.slice(offset, data.byteSize(), path);
      }
    };
  }

  /**
   * Returns a checked reader of the segment of a name.
   *
   * @param key the name in {@link PteProgram#namedData}
   */
  public Optional<MemoryReader> namedData(String key) {
    Integer segment = namedSegments.get(key);
    return segment == null ? Optional.empty() : Optional.of(segmentReader(segment));
  }

  private MalformedFileException missing(FieldPath path, String expected) {
    return missing(path, expected, "none");
  }

  private MalformedFileException missing(FieldPath path, String expected, String found) {
    return new MalformedFileException(bytes.file(), -1, path.toString(), expected, found);
  }

  @Override
  public void close() {
    if (owned != null) {
      owned.close();
    }
  }
}
