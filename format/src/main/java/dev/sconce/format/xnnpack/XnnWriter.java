package dev.sconce.format.xnnpack;

import dev.sconce.base.InvalidInputException;
import dev.sconce.format.Blob;
import dev.sconce.format.Floats;
import dev.sconce.format.Ints;
import dev.sconce.format.flatbuffer.FlatBufferBuilder;
import dev.sconce.format.flatbuffer.TableBuilder;
import dev.sconce.format.xnnpack.XnnGraph.Form;
import dev.sconce.format.xnnpack.XnnNode.OutputRange;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannel;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannelGroup;
import dev.sconce.format.xnnpack.XnnQuantization.PerTensor;
import dev.sconce.format.xnnpack.XnnQuantization.PerToken;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a graph as a blob; the counterpart of {@link XnnReader}. */
final class XnnWriter {

  /** What named constants have in place of an offset: 2^64 - 1. */
  private static final long NO_OFFSET = -1;

  private final XnnGraph graph;
  private final FlatBufferBuilder builder = new FlatBufferBuilder();
  private long constantSize;

  private XnnWriter(XnnGraph graph) {
    this.graph = graph;
  }

  static MemorySegment write(XnnGraph graph) {
    return new XnnWriter(graph).blob();
  }

  private MemorySegment blob() {
    MemorySegment table = builder.finish(graph(), graph.identifier());
    if (graph.form() == Form.FLATBUFFER_ONLY) {
      return table;
    }
    long tableOffset = aligned(XnnHeader.SIZE);
    long constantOffset = aligned(tableOffset + table.byteSize());
    long size = constantOffset + constantSize;
    if (size > Integer.MAX_VALUE - XnnHeader.ALIGNMENT) {
      throw new InvalidInputException(
          "XNNPACK blob", "constants", "less than 2 GB inside (others by name)", size + " bytes");
    }
    MemorySegment blob = MemorySegment.ofArray(new byte[(int) size]);
    ByteBuffer header = blob.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0).put(XnnHeader.MAGIC.getBytes(StandardCharsets.US_ASCII));
    header.putShort((short) XnnHeader.SIZE);
    header.putInt((int) tableOffset).putInt((int) table.byteSize());
    header.putInt((int) constantOffset).putLong(constantSize);
    blob.asSlice(tableOffset).copyFrom(table);
    long position = constantOffset;
    for (XnnConstant constant : graph.constants()) {
      if (constant instanceof XnnConstant.Inside(Blob data)) {
        blob.asSlice(position).copyFrom(data.memory());
        position += aligned(data.size());
      }
    }
    return blob;
  }

  private static long aligned(long size) {
    return Math.ceilDiv(size, (long) XnnHeader.ALIGNMENT) * XnnHeader.ALIGNMENT;
  }

  private int graph() {
    boolean inTable = graph.form() == Form.FLATBUFFER_ONLY;
    int constants = builder.vector(graph.constants(), inTable ? this::buffer : this::constant);
    int outputs = ints(graph.outputs());
    int inputs = ints(graph.inputs());
    int values = builder.vector(graph.values(), this::value);
    int nodes = builder.vector(graph.nodes(), this::node);
    int version = builder.string(graph.version());
    return builder
        .table()
        .ref(0, version)
        .ref(1, nodes)
        .ref(2, values)
        .i32(3, graph.externs())
        .ref(4, inputs)
        .ref(5, outputs)
        .ref(inTable ? 6 : 8, constants)
        .end();
  }

  private int ints(Ints values) {
    return builder.i32s(values.toIntArray());
  }

  private int floats(Floats values) {
    return builder.f32s(values.toFloatArray());
  }

  /** Writes an entry of the list that blobs without a header have. */
  private int buffer(XnnConstant constant) {
    return switch (constant) {
      case XnnConstant.Reserved _ -> builder.table().ref(0, builder.u8s()).end();
      case XnnConstant.Inside(Blob data) -> {
        int storage = builder.bytes(data.memory(), XnnHeader.ALIGNMENT);
        yield builder.table().ref(0, storage).end();
      }
      case XnnConstant.Named named ->
          throw new InvalidInputException(
              "XNNPACK blob", "constants", "constants inside a blob without header", named.key());
    };
  }

  private int constant(XnnConstant constant) {
    return switch (constant) {
      // The exporter gives this entry an empty name, and the runtime never asks for it.
      case XnnConstant.Reserved _ -> builder.table().ref(2, builder.string("")).end();
      case XnnConstant.Inside(Blob data) -> {
        long offset = constantSize;
        constantSize += aligned(data.size());
        yield builder.table().i64(0, offset).i64(1, data.size()).end();
      }
      case XnnConstant.Named(String key, long size) ->
          builder.table().i64(0, NO_OFFSET).i64(1, size).ref(2, builder.string(key)).end();
    };
  }

  private int node(XnnNode node) {
    int operation = XnnOperationTables.write(node.operation(), builder);
    TableBuilder table =
        builder
            .table()
            .i8(0, node.operation().kind().tag())
            .ref(1, operation)
            .i32(2, node.debugHandle());
    OutputRange range = node.outputRange();
    if (range != null) {
      table.ref(3, builder.table().f32(0, range.min()).f32(1, range.max()).end());
    }
    return table.end();
  }

  private int value(XnnValue value) {
    int dims = ints(value.dims());
    XnnDatatype dynamic = value.dynamicDatatype();
    int tensor =
        builder
            .table()
            .i16(0, value.datatype().code())
            .i32(1, value.dims().size())
            .ref(2, dims)
            .i32(3, value.constant())
            .i32(4, value.externalId())
            .i32(5, value.flags())
            .i32(6, value.id())
            .i16(7, dynamic == null ? 0 : dynamic.code())
            .end();
    XnnQuantization quantization = value.quantization();
    if (quantization == null) {
      return builder.table().i8(0, 1).ref(1, tensor).end();
    }
    int parameters = quantization(quantization);
    int quantized =
        builder.table().ref(0, tensor).i8(1, tag(quantization)).ref(2, parameters).end();
    return builder.table().i8(0, 2).ref(1, quantized).end();
  }

  private static int tag(XnnQuantization quantization) {
    return switch (quantization) {
      case PerChannel _ -> 1;
      case PerTensor _ -> 2;
      case PerToken _ -> 3;
      case PerChannelGroup _ -> 4;
    };
  }

  /** Empty vectors of scales are written: the official runtime asks them for their size. */
  private int quantization(XnnQuantization quantization) {
    return switch (quantization) {
      case PerChannel q -> {
        int scales = floats(q.scales());
        yield builder
            .table()
            .ref(0, scales)
            .i32(1, q.channelDim())
            .i32(2, q.scaleConstant())
            .i32(3, q.scaleCount())
            .end();
      }
      case PerTensor q -> builder.table().f32(0, q.scale()).i32(1, q.zeroPoint()).end();
      case PerToken q -> builder.table().i32(0, q.nonbatchDims()).end();
      case PerChannelGroup q -> {
        int scales = floats(q.scales());
        yield builder
            .table()
            .ref(0, scales)
            .i32(1, q.channelDim())
            .i32(2, q.groupSize())
            .i32(4, q.scaleConstant())
            .i32(5, q.scaleCount())
            .end();
      }
    };
  }
}
