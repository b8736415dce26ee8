package dev.sconce.runtime.internal.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory of zeros that costs nothing until it is touched: a private mapping of a file that has a
 * size but no contents and is deleted at once.
 *
 * <p>{@code Arena.allocate} writes the zeros and so makes every page resident. Programs plan for
 * their largest shapes, of which a call usually touches a small part.
 */
final class SparseMapping {

  private SparseMapping() {}

  /**
   * Maps zeros.
   *
   * @param size how many bytes
   * @param arena ends the mapping when it is closed
   * @throws IOException if the system refuses, for example for want of address space
   */
  static MemorySegment map(long size, Arena arena) throws IOException {
    Path file = Files.createTempFile("sconce-", ".mem");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // On Unix the deleted file lives as long as its mapping; its blocks are never written.
      Files.deleteIfExists(file);
      return channel.map(MapMode.PRIVATE, 0, size, arena);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
