package dev.sconce.runtime.internal.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Memory of zeros that costs nothing until it is touched: a private mapping of a file that has a
 * size but no contents and is deleted at once.
 *
 * <p>{@code Arena.allocate} writes the zeros and so makes every page resident. Programs plan for
 * their largest shapes, of which a call usually touches a small part.
 */
final class SparseMapping {

  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
  private static final int ATTEMPTS = 100;

  private SparseMapping() {}

  /**
   * Maps zeros.
   *
   * @param size how many bytes
   * @param arena ends the mapping when it is closed
   * @throws IOException if the system refuses, for example for want of address space
   */
  static MemorySegment map(long size, Arena arena) throws IOException {
    for (int attempt = 1; ; attempt++) {
      // Files.createTempFile asks a SecureRandom, whose providers take longer to find than a small
      // program takes to load. Creation fails if the name is taken, whoever took it.
      Path file =
          Path.of(
              System.getProperty("java.io.tmpdir"),
              "sconce-" + Long.toHexString(System.nanoTime()) + ".mem");
      try {
        return map(file, size, arena);
      } catch (FileAlreadyExistsException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static MemorySegment map(Path file, long size, Arena arena) throws IOException {
    FileChannel channel = FileChannel.open(file, NEW, ownersOnly(file));
    try (channel) {
      // On Unix the deleted file lives as long as its mapping; its blocks are never written.
      Files.deleteIfExists(file);
      return channel.map(MapMode.PRIVATE, 0, size, arena);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  // What others wrote to the file before it is gone would be seen here.
  private static FileAttribute<?>[] ownersOnly(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
