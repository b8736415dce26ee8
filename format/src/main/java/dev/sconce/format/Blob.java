package dev.sconce.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Bytes inside a file: a read-only view, compared by content.
 *
 * <p>A blob of an opened file may be used as long as the file is open.
 */
public final class Blob {

  private static final Blob EMPTY = new Blob(MemorySegment.NULL);

  private final MemorySegment memory;

  private Blob(MemorySegment memory) {
    this.memory = memory.asReadOnly();
  }

  /** Returns a view of memory, which must not change from now on. */
  public static Blob of(MemorySegment memory) {
    return memory.byteSize() == 0 ? EMPTY : new Blob(memory);
  }

  /** Returns a copy of some bytes. */
  public static Blob of(byte... bytes) {
    return of(MemorySegment.ofArray(bytes.clone()));
  }

  /** Returns the UTF-8 bytes of a text. */
  public static Blob of(String text) {
    return of(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns the bytes, read-only. */
  public MemorySegment memory() {
    return memory;
  }

  /** Returns the number of bytes. */
  public long size() {
    return memory.byteSize();
  }

  /** Returns a copy of the bytes. */
  public byte[] toByteArray() {
    return memory.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Blob that && memory.mismatch(that.memory) == -1;
  }

  /** Returns a hash of the size and the first bytes: blobs are large and rarely keys. */
  @Override
  public int hashCode() {
    int hash = Long.hashCode(memory.byteSize());
    for (long i = 0; i < Math.min(memory.byteSize(), 64); i++) {
      hash = 31 * hash + memory.get(ValueLayout.JAVA_BYTE, i);
    }
    return hash;
  }

  @Override
  public String toString() {
    return memory.byteSize() + " bytes";
  }
}
