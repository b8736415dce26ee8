package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.base.BFloat16;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannel;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannelGroup;
import dev.sconce.format.xnnpack.XnnQuantization.PerTensor;
import dev.sconce.format.xnnpack.XnnValue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Turns constants of any type into float32. */
final class Dequantizer {

  private final Constants constants;
  private final GraphFault fault;

  Dequantizer(Constants constants, GraphFault fault) {
    this.constants = constants;
    this.fault = fault;
  }

  /** Returns a constant as float32: the file's own bytes if they are, otherwise converted ones. */
  MemorySegment floats(XnnValue value, Arena arena) {
    MemorySegment bytes = constants.bytes(value);
    int count = Math.toIntExact(value.elements());
    return switch (value.datatype()) {
      case FP32, PFP32 -> bytes;
      case FP16 -> fill(arena, count, i -> Float.float16ToFloat(half(bytes, i)));
      case BF16 -> fill(arena, count, i -> BFloat16.toFloat(half(bytes, i)));
      case QINT8, QCINT8 -> scaled(value, arena, i -> bytes.get(ValueLayout.JAVA_BYTE, i));
      case QUINT8 -> scaled(value, arena, i -> bytes.get(ValueLayout.JAVA_BYTE, i) & 0xFF);
      case QINT32, QCINT32 -> scaled(value, arena, i -> bytes.getAtIndex(Constants.INT, i));
      case QCINT4 -> scaled(value, arena, i -> nibble(value, bytes, i));
      case QBINT4 -> grouped(value, bytes, arena);
      case INT32, QDINT8, QPINT8 ->
          throw fault.unsupported(
              "a constant of " + value.datatype() + " (value " + value.id() + ")");
    };
  }

  @FunctionalInterface
  private interface Element {
    float at(int index);
  }

  private static MemorySegment fill(Arena arena, int count, Element element) {
    MemorySegment floats = arena.allocate(4L * count, 64);
    for (int i = 0; i < count; i++) {
      floats.setAtIndex(Constants.FLOAT, i, element.at(i));
    }
    return floats;
  }

  private static short half(MemorySegment bytes, int index) {
    return bytes.getAtIndex(Constants.SHORT, index);
  }

  private MemorySegment scaled(XnnValue value, Arena arena, Element stored) {
    int channelDim = value.quantization() instanceof PerChannel q ? q.channelDim() : 0;
    float[] scales = constants.scales(value, channelDim);
    int zeroPoint = value.quantization() instanceof PerTensor q ? q.zeroPoint() : 0;
    int inner = 1;
    for (int i = channelDim + 1; i < value.dims().size(); i++) {
      inner *= value.dims().at(i);
    }
    int step = inner;
    return fill(
        arena,
        Math.toIntExact(value.elements()),
        i -> (stored.at(i) - zeroPoint) * scales[i / step % scales.length]);
  }

  private MemorySegment grouped(XnnValue value, MemorySegment bytes, Arena arena) {
    short[] scales = constants.groupScales(value).toArray(Constants.SHORT);
    int group = value.quantization() instanceof PerChannelGroup q ? q.groupSize() : 1;
    return fill(
        arena,
        Math.toIntExact(value.elements()),
        i -> nibble(value, bytes, i) * BFloat16.toFloat(scales[i / group]));
  }

  /** Two elements a byte, the first in the low half, each more by 8; rows take whole bytes. */
  private static int nibble(XnnValue value, MemorySegment bytes, int index) {
    int length = value.dims().isEmpty() ? 1 : value.dims().at(value.dims().size() - 1);
    long at = index / length * ((length + 1L) / 2) + index % length / 2;
    int pair = bytes.get(ValueLayout.JAVA_BYTE, at);
    return (index % length % 2 == 0 ? pair & 15 : pair >> 4 & 15) - 8;
  }
}
