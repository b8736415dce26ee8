package dev.sconce.format.etdump;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.AtomicFile;
import dev.sconce.base.memory.MappedFile;
import dev.sconce.base.memory.MemoryReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Reads and writes event dumps; the records keep nothing of the file but small metadata. */
public final class EtDumpFile {

  private EtDumpFile() {}

  /**
   * Reads a file and verifies it.
   *
   * @throws IOException if it cannot be read
   * @throws MalformedFileException if it breaks the format's rules
   */
  public static EtDump read(Path path) throws IOException {
    return read(MappedFile.readerOf(path));
  }

  /**
   * Reads a dump that is in memory and verifies it.
   *
   * @throws MalformedFileException if it breaks the format's rules
   */
  public static EtDump read(MemoryReader bytes) {
    return EtDumpReader.read(bytes);
  }

  /** Returns a dump as bytes; equal dumps give equal bytes. */
  public static MemorySegment toBytes(EtDump dump) {
    return EtDumpWriter.write(dump);
  }

  /**
   * Writes a file.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path path, EtDump dump) throws IOException {
    try (AtomicFile file = AtomicFile.create(path)) {
      file.write(0, toBytes(dump));
      file.commit();
    }
  }
}
