package dev.sconce.graph.pass;

import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Type;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a call on constants returns, which is small. Equal results of equal types are one. */
final class FoldedData implements ConstantData {

  private final byte[] bytes;
  private final String identity;

  FoldedData(Type.TensorType type, byte[] bytes) {
    this.bytes = bytes.clone();
    this.identity = type + " of SHA-256 " + hash(bytes);
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
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
