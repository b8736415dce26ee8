package dev.sconce.format.ptd;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.AtomicFile;
import dev.sconce.base.memory.MappedFile;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Blob;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An opened {@code .ptd} file: names and segments, mapped and verified.
 *
 * <p>Any thread may read. What was handed out may be used until {@link #close}.
 */
public final class PtdFile implements AutoCloseable {

  private final MemoryReader bytes;
  private final PtdData data;
  private final Map<String, PtdEntry> byKey = new HashMap<>();
  private final @Nullable MappedFile owned;

  private PtdFile(MemoryReader bytes, @Nullable MappedFile owned) {
    this.bytes = bytes;
    this.data = PtdReader.read(bytes);
    this.owned = owned;
    data.entries().forEach(entry -> byKey.put(entry.key(), entry));
  }

  /**
   * Maps a file and verifies it.
   *
   * @throws IOException if it cannot be opened
   * @throws MalformedFileException if it breaks the format's rules
   */
  public static PtdFile open(Path path) throws IOException {
    MappedFile file = MappedFile.open(path);
    try {
      return new PtdFile(file.reader(), file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Reads a file that is in memory; closing the result does not end that memory's life.
   *
   * @throws MalformedFileException if it breaks the format's rules
   */
  public static PtdFile of(MemoryReader bytes) {
    return new PtdFile(bytes, null);
  }

  /** Returns the name that errors show. */
  public String name() {
    return bytes.file();
  }

  /** Returns everything the file says. */
  public PtdData data() {
    return data;
  }

  /** Returns the entry of a key. */
  public Optional<PtdEntry> entry(String key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /** Returns the bytes of a key: a read-only view of the file. */
  public Optional<MemorySegment> find(String key) {
    return entry(key).map(entry -> data.segments().get(entry.segment()).memory());
  }

  /**
   * Writes a file, segments at multiples of 128 bytes; segments that are views of other files are
   * copied piece by piece. The file appears when it is complete.
   *
   * @throws IOException if it cannot be written
   * @throws InvalidInputException if an entry names no segment, or a key occurs twice
   */
  public static void write(Path path, PtdData data) throws IOException {
    PtdLayout layout = PtdLayout.of(data);
    try (AtomicFile file = AtomicFile.create(path)) {
      file.write(0, layout.table());
      List<Blob> segments = data.segments();
      for (int i = 0; i < segments.size(); i++) {
        file.write(layout.segmentOffset(i), segments.get(i).memory());
      }
      file.commit();
    }
  }

  /** Ends the mapping, if {@link #open} made it. */
  @Override
  public void close() {
    if (owned != null) {
      owned.close();
    }
  }
}
