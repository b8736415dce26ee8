package dev.sconce.format.xnnpack;

import dev.sconce.format.Floats;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannel;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannelGroup;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;

/** Blobs that verify, for tests that spoil them. */
public final class XnnSeeds {

  private XnnSeeds() {}

  /** Returns small graphs of both forms, with quantized and plain weights. */
  public static List<byte[]> all() {
    XnnGraph linear = XnnGraphs.linear(XnnGraph.Form.HEADER, "XN01", 4);
    XnnValue channels =
        XnnGraphs.weights(XnnDatatype.QCINT8, new PerChannel(Floats.of(1, 1, 1, 1), 0, 0, 0), 4, 2);
    XnnValue groups =
        XnnGraphs.weights(XnnDatatype.QBINT4, new PerChannelGroup(Floats.of(), 0, 1, 1, 8), 4, 2);
    return Stream.of(
            linear,
            XnnGraphs.linear(XnnGraph.Form.FLATBUFFER_ONLY, "XN00", 4),
            XnnGraphs.withValue(linear, 1, channels),
            XnnGraphs.withValue(linear, 1, groups))
        .map(graph -> XnnBlob.write(graph).toArray(ValueLayout.JAVA_BYTE))
        .toList();
  }
}
