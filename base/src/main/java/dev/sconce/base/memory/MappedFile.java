package dev.sconce.base.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file mapped into memory, read-only; nothing is read until it is touched.
 *
 * <p>The mapping ends with {@link #close()}; any later access through {@link #memory()} throws
 * {@link IllegalStateException}. Any thread may read and close. The file must not be shortened
 * while it is mapped: the JVM then throws {@link InternalError} on access to the lost part.
 */
public final class MappedFile implements AutoCloseable {

  private final Path path;
  private final Arena arena;
  private final MemorySegment memory;
  private final AtomicBoolean closed = new AtomicBoolean();

  private MappedFile(Path path, Arena arena, MemorySegment memory) {
    this.path = path;
    this.arena = arena;
    this.memory = memory;
  }

  /**
   * Maps a file.
   *
   * @throws IOException if it cannot be opened or mapped
   */
  public static MappedFile open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new FileSystemException(path.toString(), null, "is a folder, not a file");
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new MappedFile(path, arena, memory);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Maps a file for as long as something refers to the result: for small files whose content nobody
   * would close.
   *
   * @throws IOException if it cannot be opened or mapped
   */
  public static MemoryReader readerOf(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment memory =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      return MemoryReader.of(path.toString(), memory);
    }
  }

  /** Returns the path that was opened. */
  public Path path() {
    return path;
  }

  /** Returns the file's bytes. */
  public MemorySegment memory() {
    return memory;
  }

  /** Returns a checked reader of the whole file, which shows the file's name in errors. */
  public MemoryReader reader() {
    return MemoryReader.of(path.toString(), memory);
  }

  /** Ends the mapping; the second time does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      arena.close();
    }
  }
}
