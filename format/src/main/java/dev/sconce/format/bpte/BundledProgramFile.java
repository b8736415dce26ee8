package dev.sconce.format.bpte;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.AtomicFile;
import dev.sconce.base.memory.MappedFile;
import dev.sconce.base.memory.MemoryReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An opened {@code .bpte} file, mapped and verified; the program inside is verified by whoever
 * opens it.
 *
 * <p>Any thread may read. What was handed out may be used until {@link #close}.
 */
public final class BundledProgramFile implements AutoCloseable {

  private final MemoryReader bytes;
  private final BundledProgram bundle;
  private final @Nullable MappedFile owned;

  private BundledProgramFile(MemoryReader bytes, @Nullable MappedFile owned) {
    this.bytes = bytes;
    this.bundle = BundledProgramReader.read(bytes);
    this.owned = owned;
  }

  /**
   * Maps a file and verifies it.
   *
   * @throws IOException if it cannot be opened
   * @throws MalformedFileException if it breaks the format's rules
   */
  public static BundledProgramFile open(Path path) throws IOException {
    MappedFile file = MappedFile.open(path);
    try {
      return new BundledProgramFile(file.reader(), file);
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
  public static BundledProgramFile of(MemoryReader bytes) {
    return new BundledProgramFile(bytes, null);
  }

  /** Returns everything the file says. */
  public BundledProgram bundle() {
    return bundle;
  }

  /** Returns a reader of the program inside, for {@code PteFile.of}: a view of this file. */
  public MemoryReader program() {
    return MemoryReader.of(bytes.file() + " (program)", bundle.program().memory());
  }

  /**
   * Writes a file. The program is its last part, and is copied piece by piece: it need not be in
   * memory. The file appears when it is complete.
   *
   * @throws IOException if it cannot be written
   * @throws InvalidInputException if the program takes 2 GB or more
   */
  public static void write(Path path, BundledProgram bundle) throws IOException {
    MemorySegment head = BundledProgramWriter.head(bundle);
    try (AtomicFile file = AtomicFile.create(path)) {
      file.write(0, head);
      file.write(head.byteSize(), bundle.program().memory());
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
