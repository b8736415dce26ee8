package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.base.BFloat16;
import dev.sconce.format.Floats;
import dev.sconce.format.xnnpack.XnnConstant;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnQuantization;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannel;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannelGroup;
import dev.sconce.format.xnnpack.XnnQuantization.PerTensor;
import dev.sconce.format.xnnpack.XnnQuantization.PerToken;
import dev.sconce.format.xnnpack.XnnValue;
import dev.sconce.runtime.internal.delegate.DelegateSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** The bytes and scales of a graph's constants, found and checked. */
final class Constants {

  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  // Scales were float32 once; the official runtime takes their upper halves after this.
  private static final float ROUNDING = 1.003891f;

  // bfloat16 bits of the least normal and the greatest finite number.
  private static final short BRAIN_MIN_NORMAL = 0x0080;
  private static final short BRAIN_MAX = 0x7F7F;

  /** Identifies a constant inside of a blob, which no other blob can share. */
  private record Inside(Object identity, int index) {}

  private final Object identity = new Object();
  private final XnnGraph graph;
  private final DelegateSource source;
  private final GraphFault fault;

  Constants(XnnGraph graph, DelegateSource source, GraphFault fault) {
    this.graph = graph;
    this.source = source;
    this.fault = fault;
  }

  /** Returns what identifies a constant among all of the program. */
  Object key(int index) {
    return switch (graph.constants().get(index)) {
      case XnnConstant.Named(String key, _) -> key;
      case XnnConstant.Inside _, XnnConstant.Reserved _ -> new Inside(identity, index);
    };
  }

  /** Returns what identifies a value that is a constant, its scales included. */
  Object key(XnnValue value) {
    return value.quantization() == null
        ? key(value.constant())
        : new QuantizedKey(key(value.constant()), scaleKey(value));
  }

  private record QuantizedKey(Object values, Object scales) {}

  private Object scaleKey(XnnValue value) {
    return switch (value.quantization()) {
      case PerChannel q when q.scaleConstant() != 0 -> key(q.scaleConstant());
      case PerChannelGroup q when q.scaleConstant() != 0 -> key(q.scaleConstant());
      case PerTensor q -> q;
      // Values of equal scales may differ in the dimension they belong to.
      case null, default -> new Inside(identity, -1 - value.id());
    };
  }

  /** Returns the bytes of a value that is a constant. */
  MemorySegment bytes(XnnValue value) {
    return bytes(value.constant(), value.byteSize(), value);
  }

  private MemorySegment bytes(int index, long size, XnnValue owner) {
    MemorySegment found =
        switch (graph.constants().get(index)) {
          case XnnConstant.Inside(var data) -> data.memory();
          case XnnConstant.Named(String key, _) -> {
            Optional<MemorySegment> data = source.namedData().find(key);
            if (data.isEmpty()) {
              throw fault.malformed(
                  "value " + owner.id(),
                  "named data \"" + key + "\"",
                  "none; is a .ptd file missing?");
            }
            yield data.get();
          }
          case XnnConstant.Reserved _ -> throw new IllegalStateException("verified before");
        };
    fault.require(found.byteSize() >= size, owner, "", "%s bytes", size, found.byteSize());
    return offHeap(found.asSlice(0, size));
  }

  // Kernels take no memory of the heap, where the constants of a graph may be that is in no file.
  private static MemorySegment offHeap(MemorySegment data) {
    return data.isNative() ? data : Arena.ofAuto().allocate(data.byteSize(), 8).copyFrom(data);
  }

  /** Returns scales by channel of a value quantized by tensor or by channel. */
  float[] scales(XnnValue value, int channelDim) {
    float[] scales =
        switch (value.quantization()) {
          case PerTensor q -> new float[] {q.scale()};
          case PerChannel q -> {
            fault.require(
                q.channelDim() == channelDim,
                value,
                ".quant_params.channel_dim",
                "%s",
                channelDim,
                q.channelDim());
            int channels = value.dims().at(channelDim);
            yield q.scaleConstant() == 0
                ? Arrays.copyOf(q.scales().toFloatArray(), channels)
                : bytes(q.scaleConstant(), 4L * channels, value).toArray(FLOAT);
          }
          case PerToken _, PerChannelGroup _ -> throw noScales("tensor or channel", value);
          case null -> throw noScales("tensor or channel", value);
        };
    for (float scale : scales) {
      requireScale(scale, value);
    }
    return scales;
  }

  private RuntimeException noScales(String expected, XnnValue value) {
    XnnQuantization found = value.quantization();
    return fault.malformed(
        "value " + value.id() + ".quant_params",
        "scales by " + expected,
        found == null ? "none" : found.getClass().getSimpleName());
  }

  /**
   * Returns the scales of groups, bfloat16 [channels, groups], of a matrix whose rows are channels.
   */
  MemorySegment groupScales(XnnValue value) {
    if (!(value.quantization() instanceof PerChannelGroup q)) {
      throw noScales("group", value);
    }
    fault.require(q.channelDim() == 0, value, ".quant_params.channel_dim", "0", q.channelDim());
    int count = Math.toIntExact(value.elements() / q.groupSize());
    if (q.scaleConstant() != 0) {
      MemorySegment stored = bytes(q.scaleConstant(), 2L * count, value);
      requireScales(stored.toArray(SHORT), value);
      return stored;
    }
    short[] scales = new short[count];
    Floats floats = q.scales();
    for (int i = 0; i < count; i++) {
      scales[i] = (short) (Float.floatToRawIntBits(floats.at(i) * ROUNDING) >>> 16);
    }
    requireScales(scales, value);
    MemorySegment memory = Arena.ofAuto().allocate(2L * count, 2);
    MemorySegment.copy(scales, 0, memory, SHORT, 0, count);
    return memory;
  }

  // The same rule on the bits, which are in the order of the values: millions of scales are
  // checked while little is compiled.
  private void requireScales(short[] scales, XnnValue owner) {
    for (short scale : scales) {
      if (scale < BRAIN_MIN_NORMAL || scale > BRAIN_MAX) {
        requireScale(BFloat16.toFloat(scale), owner);
      }
    }
  }

  // XNNPACK's own rule.
  void requireScale(float scale, XnnValue owner) {
    fault.require(
        Float.isFinite(scale) && scale >= Float.MIN_NORMAL,
        owner,
        ".quant_params.scale",
        "a finite, normal scale above 0",
        scale);
  }
}
