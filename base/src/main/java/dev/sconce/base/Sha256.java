package dev.sconce.base;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 in the making. Instances are confined to one thread. */
public final class Sha256 {

  /** What is given at once: a segment may be larger than a buffer can be. */
  private static final long PIECE = 1 << 24;

  private final MessageDigest digest;

  /** Creates the hash of nothing yet. */
  public Sha256() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Returns the hash of some bytes, in lower-case hexadecimal digits. */
  public static String of(byte[] bytes) {
    return of(MemorySegment.ofArray(bytes));
  }

  /** Returns the hash of some memory, in lower-case hexadecimal digits. */
  public static String of(MemorySegment memory) {
    return new Sha256().add(memory).toHex();
  }

  /** Takes memory, which may be of any size. */
  public Sha256 add(MemorySegment memory) {
    for (long at = 0; at < memory.byteSize(); at += PIECE) {
      add(memory.asSlice(at, Math.min(PIECE, memory.byteSize() - at)).asByteBuffer());
    }
    return this;
  }

  /** Takes what is left of a buffer. */
  public Sha256 add(ByteBuffer buffer) {
    digest.update(buffer);
    return this;
  }

  /** Returns the hash in lower-case hexadecimal digits, and begins anew. */
  public String toHex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
