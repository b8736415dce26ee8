package dev.sconce.base.memory;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that appears whole or not at all: it is written beside its target and moved into place by
 * {@link #commit()}.
 *
 * <p>Closing without a commit, after an exception for instance, removes what was written and leaves
 * an older target as it was. Not for concurrent use.
 */
public final class AtomicFile implements AutoCloseable {

  /** Bounds the copy that is made of memory on the heap. */
  private static final long PIECE = 8L << 20;

  private final Path target;
  private final Path part;
  private final FileChannel channel;
  private boolean committed;

  private AtomicFile(Path target, Path part, FileChannel channel) {
    this.target = target;
    this.part = part;
    this.channel = channel;
  }

  /**
   * Starts a file that is to replace or become {@code target}.
   *
   * @throws IOException if no file can be made in the target's folder
   */
  public static AtomicFile create(Path target) throws IOException {
    String name = target.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".part";
    Path part = target.resolveSibling(name);
    FileChannel channel =
        FileChannel.open(
            part, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new AtomicFile(target, part, channel);
  }

  /** Returns the file that {@link #commit()} will replace or create. */
  public Path target() {
    return target;
  }

  /** Returns the channel of the unfinished file, open for reading and writing. */
  public FileChannel channel() {
    return channel;
  }

  /**
   * Writes bytes at a position; a gap before it reads as zeros.
   *
   * @throws IOException if they cannot be written
   */
  public void write(long position, MemorySegment bytes) throws IOException {
    for (long done = 0; done < bytes.byteSize(); ) {
      long size = Math.min(PIECE, bytes.byteSize() - done);
      ByteBuffer piece = buffer(bytes.asSlice(done, size));
      while (piece.hasRemaining()) {
        done += channel.write(piece, position + done);
      }
    }
  }

  /** Memory on the heap is copied: only byte arrays could be written as they are. */
  private static ByteBuffer buffer(MemorySegment bytes) {
    return bytes.isNative()
        ? bytes.asByteBuffer()
        : ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE));
  }

  /**
   * Moves the finished file into place.
   *
   * @throws IOException if that fails; the unfinished file is then removed by {@link #close()}
   */
  public void commit() throws IOException {
    channel.close();
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
    committed = true;
  }

  /** Removes the unfinished file unless it was committed. */
  @Override
  public void close() throws IOException {
    channel.close();
    if (!committed) {
      Files.deleteIfExists(part);
    }
  }
}
