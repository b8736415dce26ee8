package dev.sconce.format.pte;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;

/**
 * Writes a program file segment by segment, in any order, so that no more of it is in memory than
 * what is being written.
 *
 * <p>Everything goes to a temporary file beside the target; {@link #finish} checks it and moves it
 * into place. An instance that is closed before that leaves nothing. Instances are confined to one
 * thread.
 */
public final class PteFileWriter implements AutoCloseable {

  private static final int COPY_SIZE = 1 << 20;

  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private final BitSet written = new BitSet();
  private PteLayout layout;
  private boolean moved;

  private PteFileWriter(Path target, Path temporary, FileChannel channel, PteLayout layout) {
    this.target = target;
    this.temporary = temporary;
    this.channel = channel;
    this.layout = layout;
  }

  /**
   * Starts a file.
   *
   * @param target where it will appear when it is finished
   */
  public static PteFileWriter create(Path target, PteLayout layout) throws IOException {
    String name = target.toAbsolutePath().normalize().getFileName().toString();
    Path temporary =
        target.resolveSibling(
            "." + name + "." + ProcessHandle.current().pid() + "." + System.nanoTime() + ".part");
    FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    return new PteFileWriter(target, temporary, channel, layout);
  }

  /**
   * Writes a copy of an opened file in this library's own layout. The result says what the file
   * says, in the same form of header, with segments at the same distances.
   */
  public static void rewrite(PteFile file, Path target) throws IOException {
    try (PteFileWriter writer = create(target, PteLayout.of(file.program(), file.alignment()))) {
      for (int i = 0; i < file.program().segments().size(); i++) {
        writer.write(i, file.segment(i));
      }
      writer.finish();
    }
  }

  /** Returns the layout that is being written. */
  public PteLayout layout() {
    return layout;
  }

  /** Returns where the file is until it is finished. */
  public Path temporaryPath() {
    return temporary;
  }

  /**
   * Opens a segment for writing. The channel takes no more than the segment's size, which {@link
   * #relayout} may change meanwhile; if it is closed with less, the segment counts as not written.
   */
  public WritableByteChannel segment(int index) {
    return new SegmentChannel(index);
  }

  /** Writes a whole segment. */
  public void write(int index, MemorySegment data) throws IOException {
    try (WritableByteChannel segment = segment(index)) {
      for (long at = 0; at < data.byteSize(); at += COPY_SIZE) {
        MemorySegment part = data.asSlice(at, Math.min(COPY_SIZE, data.byteSize() - at));
        // Of arrays only those of bytes can be viewed as a ByteBuffer.
        segment.write(
            part.isNative()
                ? part.asByteBuffer()
                : ByteBuffer.wrap(part.toArray(ValueLayout.JAVA_BYTE)));
      }
    }
  }

  /**
   * Writes the program table, so that the file can be opened at {@link #temporaryPath} and what was
   * written so far be used; the rest reads as zeros.
   */
  public void writeTable() throws IOException {
    if (channel.size() < layout.fileSize()) {
      channel.write(ByteBuffer.allocate(1), layout.fileSize() - 1);
    }
    writeFully(layout.table().asByteBuffer(), 0);
  }

  /**
   * Goes on with another layout of the same file, in which only numbers and what is not yet written
   * may differ, such as the size of the last segment.
   *
   * @throws IllegalArgumentException if something that is already written would move
   */
  public void relayout(PteLayout revised) {
    if (revised.header().segmentBase() != layout.header().segmentBase()) {
      throw new IllegalArgumentException(
          "the segments would move from %d to %d"
              .formatted(layout.header().segmentBase(), revised.header().segmentBase()));
    }
    written.stream()
        .forEach(
            i -> {
              DataSegment before = layout.program().segments().get(i);
              if (i >= revised.program().segments().size()
                  || !before.equals(revised.program().segments().get(i))) {
                throw new IllegalArgumentException("segment " + i + " was written and would move");
              }
            });
    layout = revised;
  }

  /**
   * Completes the file: writes the program table, verifies what was written, and moves the file
   * into place.
   *
   * @throws IllegalStateException if a segment was not written
   */
  public void finish() throws IOException {
    for (int i = 0; i < layout.program().segments().size(); i++) {
      if (layout.program().segments().get(i).size() > 0 && !written.get(i)) {
        throw new IllegalStateException("segment " + i + " was not written");
      }
    }
    writeTable();
    channel.truncate(layout.fileSize());
    channel.close();
    PteFile.open(temporary).close();
    Files.move(
        temporary, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    moved = true;
  }

  /** Deletes the temporary file if {@link #finish} did not complete. */
  @Override
  public void close() throws IOException {
    channel.close();
    if (!moved) {
      Files.deleteIfExists(temporary);
    }
  }

  private void writeFully(ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /** Writes one segment from its start to its end. */
  private final class SegmentChannel implements WritableByteChannel {

    private final int index;
    private final long start;
    private long position;
    private boolean open = true;

    SegmentChannel(int index) {
      this.index = index;
      this.start = layout.segmentOffset(index);
    }

    /** The size in the layout of now: it may have changed since the segment was opened. */
    private long size() {
      return layout.program().segments().get(index).size();
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (!open) {
        throw new ClosedChannelException();
      }
      int count = bytes.remaining();
      long room = size() - position;
      if (count > room) {
        throw new IllegalStateException(
            "segment %d has %d bytes; %d more than that were written"
                .formatted(index, size(), count - room));
      }
      writeFully(bytes, start + position);
      position += count;
      return count;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      if (!open) {
        return;
      }
      open = false;
      if (position == size()) {
        written.set(index);
      }
    }
  }
}
