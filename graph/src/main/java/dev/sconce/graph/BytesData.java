package dev.sconce.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Bytes at hand. */
final class BytesData implements ConstantData {

  private final String identity;
  private final byte[] bytes;

  BytesData(String identity, byte[] bytes) {
    this.identity = identity;
    this.bytes = bytes.clone();
  }

  @Override
  public long byteSize() {
    return bytes.length;
  }

  @Override
  public void writeTo(MemorySegment target) {
    MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  @Override
  public String identity() {
    return identity;
  }
}
