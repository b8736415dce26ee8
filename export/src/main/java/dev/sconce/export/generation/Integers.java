package dev.sconce.export.generation;

import dev.sconce.base.DType;
import dev.sconce.export.block.Blocks;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Constants of integers. */
public final class Integers {

  private Integers() {}

  /** Returns a constant {@code int64} tensor. */
  public static Value constant(Blocks blocks, long[] values, long... shape) {
    return blocks
        .builder()
        .parameter(
            "integers", Type.TensorType.of(DType.INT64, shape), new Data(values.clone(), shape));
  }

  private static final class Data implements ConstantData {
    private final long[] values;
    private final String identity;

    Data(long[] values, long[] shape) {
      this.values = values;
      this.identity = "integers " + Arrays.toString(shape) + " " + Arrays.toString(values);
    }

    @Override
    public long byteSize() {
      return (long) values.length * Long.BYTES;
    }

    @Override
    public void writeTo(MemorySegment target) {
      ValueLayout.OfLong layout =
          ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < values.length; i++) {
        target.set(layout, (long) i * Long.BYTES, values[i]);
      }
    }

    @Override
    public String identity() {
      return identity;
    }
  }
}
