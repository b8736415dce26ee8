package dev.sconce.graph.emit;

import dev.sconce.graph.ConstantData;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A constant whose bytes are not known yet. Until then it is one zero byte: with none the program
 * table would leave fields out, and everything after it would move when the bytes come.
 */
final class PendingConstant implements ConstantData {

  private ConstantData known = ConstantData.of("pending", new byte[1]);

  void become(byte[] bytes) {
    known = ConstantData.of(known.identity(), bytes);
  }

  /** Returns a method that returns it as it is now. */
  ConstantMethod method(String name) {
    return new ConstantMethod(name, List.of(new ConstantMethod.Item.Bytes(this)));
  }

  @Override
  public long byteSize() {
    return known.byteSize();
  }

  @Override
  public void writeTo(MemorySegment target) {
    known.writeTo(target);
  }

  @Override
  public String identity() {
    return known.identity();
  }
}
