package dev.sconce.graph;

import java.lang.foreign.MemorySegment;

/**
 * The bytes of a constant, made when they are written and not before.
 *
 * <p>An exporter holds the bytes of one constant at a time; implementations of what may be large
 * keep no copy.
 */
public interface ConstantData {

  /** Returns a small constant whose bytes are at hand. */
  static ConstantData of(String identity, byte[] bytes) {
    return new BytesData(identity, bytes);
  }

  /** Returns the number of bytes. */
  long byteSize();

  /**
   * Fills memory with the bytes.
   *
   * @param target memory of exactly {@link #byteSize} bytes
   */
  void writeTo(MemorySegment target);

  /**
   * Returns a text that tells this constant from others: two constants with equal identities have
   * equal bytes and are written once.
   */
  String identity();

  /**
   * Gives back what is kept from the writing of this constant for that of another; whoever writes
   * constants calls it in the end, also when that failed.
   */
  default void release() {}
}
