package dev.sconce.graph.emit;

import dev.sconce.graph.ConstantData;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A constant whose bytes are not known yet. Until then it is one zero byte: with none the program
 * table would leave fields out, and everything after it would move when the bytes come.
 */
final class PendingConstant implements ConstantData {

  private byte[] bytes = new byte[1];

  void become(byte[] known) {
    bytes = known.clone();
  }

  /** Returns a method that returns it as it is now. */
  ConstantMethod method(String name) {
    return new ConstantMethod(name, List.of(new ConstantMethod.Item.Bytes(this)));
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
    return "pending";
  }
}
