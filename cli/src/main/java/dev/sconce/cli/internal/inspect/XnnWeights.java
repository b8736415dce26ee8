package dev.sconce.cli.internal.inspect;

import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.xnnpack.XnnConstant;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnNode;
import dev.sconce.format.xnnpack.XnnOperation;
import dev.sconce.format.xnnpack.XnnOperation.Convolution;
import dev.sconce.format.xnnpack.XnnOperation.FullyConnected;
import dev.sconce.format.xnnpack.XnnQuantization;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannel;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannelGroup;
import dev.sconce.format.xnnpack.XnnQuantization.PerTensor;
import dev.sconce.format.xnnpack.XnnQuantization.PerToken;
import dev.sconce.format.xnnpack.XnnValue;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table of the constants of XNNPACK graphs and how they are quantized. */
final class XnnWeights {

  /** Keys are hashes: their beginning tells them apart. */
  private static final int SHOWN_KEY = 12;

  private final Section.Builder rows =
      Rows.of(
          "weights",
          "weights of XNNPACK graphs",
          Column.of("blob", ">blob"),
          Column.of("value", ">value"),
          Column.of("use", "use"),
          Column.of("datatype", "type"),
          Column.of("sizes", "shape"),
          Column.of("quantization", "quantization"),
          Column.json("groupSize"),
          Column.json("channelDim"),
          Column.json("scales"),
          Column.of("bytes", ">size"),
          Column.of("scaleBytes", ">scales"),
          Column.of("key", "key"),
          Column.json("scaleKey"));

  /** Count, bytes, and bytes of scales of each kind. */
  private final Map<String, long[]> kinds = new TreeMap<>();

  /** Adds the constants of a graph. */
  void add(int blob, XnnGraph graph) {
    Map<Integer, String> uses = uses(graph);
    for (XnnValue value : graph.values()) {
      if (!value.isConstant()) {
        continue;
      }
      XnnQuantization quantization = value.quantization();
      XnnConstant scales = constant(graph, scaleConstant(quantization));
      rows.row(
          Cell.of(blob),
          Cell.of(value.id()),
          Cell.of(uses.getOrDefault(value.id(), "")),
          Cell.of(value.datatype().name().toLowerCase(Locale.ROOT)),
          Cell.numbers(value.dims()),
          Cell.of(describe(quantization)),
          quantization instanceof PerChannelGroup group ? Cell.of(group.groupSize()) : Cell.none(),
          channelDim(quantization),
          Cell.of(scaleCount(quantization)),
          Cell.bytes(value.byteSize()),
          scales == null ? Cell.none() : Cell.bytes(size(scales)),
          key(constant(graph, value.constant())),
          key(scales));
      String kind =
          value.datatype().name().toLowerCase(Locale.ROOT)
              + (quantization instanceof PerTensor
                  ? ", a scale a tensor"
                  : quantization == null ? "" : ", " + describe(quantization));
      long[] sum = kinds.computeIfAbsent(kind, _ -> new long[3]);
      sum[0]++;
      sum[1] += value.byteSize();
      sum[2] += scales == null ? 0 : size(scales);
    }
  }

  /** Returns the sums of constants that are stored in the same way. */
  Rows summary() {
    Section.Builder sums =
        Rows.of(
            "weightKinds",
            "weights of XNNPACK graphs by kind",
            Column.of("kind", "kind"),
            Column.of("count", ">count"),
            Column.of("bytes", ">size"),
            Column.of("scaleBytes", ">scales"));
    kinds.forEach(
        (kind, sum) ->
            sums.row(
                Cell.of(kind),
                Cell.of(sum[0]),
                Cell.bytes(sum[1]),
                sum[2] == 0 ? Cell.bytes(0).shown("") : Cell.bytes(sum[2])));
    return sums.build();
  }

  Rows build() {
    return rows.build();
  }

  /** For each value the first node that reads it, and as what. */
  private static Map<Integer, String> uses(XnnGraph graph) {
    Map<Integer, String> uses = new HashMap<>();
    for (XnnNode node : graph.nodes()) {
      XnnOperation operation = node.operation();
      String kind = XnnPages.name(operation.kind());
      if (operation instanceof FullyConnected fc) {
        uses.putIfAbsent(fc.filter(), kind + " filter");
        uses.putIfAbsent(fc.bias(), kind + " bias");
      } else if (operation instanceof Convolution convolution) {
        uses.putIfAbsent(convolution.filter(), kind + " filter");
        uses.putIfAbsent(convolution.bias(), kind + " bias");
      }
      operation.inputs().ints().forEach(id -> uses.putIfAbsent(id, kind));
    }
    return uses;
  }

  private static @Nullable XnnConstant constant(XnnGraph graph, int index) {
    return index > 0 && index < graph.constants().size() ? graph.constants().get(index) : null;
  }

  private static Cell key(@Nullable XnnConstant constant) {
    return constant instanceof XnnConstant.Named(String key, _)
        ? Cell.of(key).shown(key.length() > SHOWN_KEY ? key.substring(0, SHOWN_KEY) + ".." : key)
        : Cell.none();
  }

  private static long size(XnnConstant constant) {
    return switch (constant) {
      case XnnConstant.Reserved() -> 0;
      case XnnConstant.Inside inside -> inside.data().size();
      case XnnConstant.Named named -> named.size();
    };
  }

  /** Returns how a value is quantized, in words; empty if it is not. */
  static String describe(@Nullable XnnQuantization quantization) {
    return switch (quantization) {
      case null -> "";
      case PerTensor(float scale, int zeroPoint) -> "scale " + scale + ", zero point " + zeroPoint;
      case PerChannel channel -> "a scale a channel, fp32";
      case PerToken token ->
          "dynamic, a scale a row (last %d dims)".formatted(token.nonbatchDims());
      case PerChannelGroup group ->
          "groups of %d, %s scales"
              .formatted(group.groupSize(), group.scaleConstant() == 0 ? "fp32" : "bf16");
    };
  }

  private static int scaleConstant(@Nullable XnnQuantization quantization) {
    return switch (quantization) {
      case null -> 0;
      case PerTensor _, PerToken _ -> 0;
      case PerChannel channel -> channel.scaleConstant();
      case PerChannelGroup group -> group.scaleConstant();
    };
  }

  private static int scaleCount(@Nullable XnnQuantization quantization) {
    return switch (quantization) {
      case null -> 0;
      case PerTensor _ -> 1;
      case PerToken _ -> 0;
      case PerChannel channel ->
          channel.scales().isEmpty() ? channel.scaleCount() : channel.scales().size();
      case PerChannelGroup group ->
          group.scales().isEmpty() ? group.scaleCount() : group.scales().size();
    };
  }

  private static Cell channelDim(@Nullable XnnQuantization quantization) {
    return switch (quantization) {
      case null -> Cell.none();
      case PerTensor _, PerToken _ -> Cell.none();
      case PerChannel channel -> Cell.of(channel.channelDim());
      case PerChannelGroup group -> Cell.of(group.channelDim());
    };
  }
}
