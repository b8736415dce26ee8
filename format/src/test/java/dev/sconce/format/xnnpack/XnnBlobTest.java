package dev.sconce.format.xnnpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Floats;
import dev.sconce.format.Ints;
import dev.sconce.format.Resources;
import dev.sconce.format.xnnpack.XnnNode.OutputRange;
import dev.sconce.format.xnnpack.XnnOperation.ArgMaxPooling;
import dev.sconce.format.xnnpack.XnnOperation.Binary;
import dev.sconce.format.xnnpack.XnnOperation.Concatenate;
import dev.sconce.format.xnnpack.XnnOperation.Convolution;
import dev.sconce.format.xnnpack.XnnOperation.Elu;
import dev.sconce.format.xnnpack.XnnOperation.Extent;
import dev.sconce.format.xnnpack.XnnOperation.FullyConnected;
import dev.sconce.format.xnnpack.XnnOperation.LeakyRelu;
import dev.sconce.format.xnnpack.XnnOperation.Padding;
import dev.sconce.format.xnnpack.XnnOperation.Pooling;
import dev.sconce.format.xnnpack.XnnOperation.ScaledDotProductAttention;
import dev.sconce.format.xnnpack.XnnOperation.StaticConstantPad;
import dev.sconce.format.xnnpack.XnnOperation.StaticReshape;
import dev.sconce.format.xnnpack.XnnOperation.StaticResizeBilinear;
import dev.sconce.format.xnnpack.XnnOperation.StaticSlice;
import dev.sconce.format.xnnpack.XnnOperation.StaticTranspose;
import dev.sconce.format.xnnpack.XnnOperation.Unary;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannel;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannelGroup;
import dev.sconce.format.xnnpack.XnnQuantization.PerTensor;
import dev.sconce.format.xnnpack.XnnQuantization.PerToken;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reading and writing against a blob that the official serializer made from a graph with every kind
 * of node: field f of kind k holds the number 1000 k + f, so two fields taken for each other show.
 */
class XnnBlobTest {

  private static XnnGraph read(MemorySegment blob) {
    return XnnBlob.read(MemoryReader.of("blob", blob));
  }

  private static XnnGraph sample() {
    return read(MemorySegment.ofArray(Resources.bytes("xnnpack/all-kinds.xnnpack")));
  }

  private static Padding padding(int n) {
    return new Padding(n, n + 1, n + 2, n + 3);
  }

  private static Extent extent(int n) {
    return new Extent(n, n + 1);
  }

  /** What the sample holds for a kind, by the fields' order in the official schema. */
  private static XnnOperation expected(XnnNodeKind kind) {
    int n = 1000 * kind.tag();
    return switch (kind.layout()) {
      case UNARY -> new Unary(UnaryOperator.valueOf(kind.name()), n, n + 1, n + 2);
      case BINARY -> new Binary(BinaryOperator.valueOf(kind.name()), n, n + 1, n + 2, n + 3);
      case FULLY_CONNECTED -> new FullyConnected(n, n + 1, n + 2, n + 3, n + 4);
      case CONVOLUTION ->
          new Convolution(
              ConvolutionForm.valueOf(kind.name()),
              padding(n),
              extent(n + 4),
              extent(n + 6),
              extent(n + 8),
              n + 10,
              n + 11,
              n + 12,
              extent(n + 13),
              n + 15,
              n + 16,
              n + 17,
              n + 18,
              n + 19);
      case POOLING ->
          new Pooling(
              PoolingReduction.valueOf(kind.name()),
              padding(n),
              extent(n + 4),
              extent(n + 6),
              extent(n + 8),
              n + 10,
              n + 11,
              n + 12);
      case ARG_MAX_POOLING ->
          new ArgMaxPooling(padding(n), extent(n + 4), n + 6, n + 7, n + 8, n + 9);
      case CONCATENATE -> {
        int[] all = {n + 1, n + 2, n + 3, n + 4, n + 7};
        int count = kind.schemaName().charAt(kind.schemaName().length() - 1) - '0';
        yield new Concatenate(n, Ints.of(Arrays.copyOf(all, count)), n + 5, n + 6);
      }
      case STATIC_TRANSPOSE -> new StaticTranspose(Ints.of(n + 1, n + 101), n + 2, n + 3, n + 4);
      case STATIC_RESHAPE -> new StaticReshape(Ints.of(n + 1, n + 101), n + 2, n + 3, n + 4);
      case STATIC_SLICE ->
          new StaticSlice(Ints.of(n + 1, n + 101), Ints.of(n + 2, n + 102), n + 3, n + 4, n + 5);
      case STATIC_CONSTANT_PAD ->
          new StaticConstantPad(
              Ints.of(n, n + 100), Ints.of(n + 1, n + 101), n + 2.5f, n + 3, n + 4, n + 5);
      case STATIC_RESIZE_BILINEAR -> new StaticResizeBilinear(extent(n), n + 2, n + 3, n + 4);
      case LEAKY_RELU -> new LeakyRelu(n + 0.5f, n + 1, n + 2, n + 3);
      case ELU -> new Elu(n + 0.5f, n + 1, n + 2, n + 3);
      case SCALED_DOT_PRODUCT_ATTENTION ->
          new ScaledDotProductAttention(n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6);
    };
  }

  @ParameterizedTest
  @EnumSource
  void readsEveryKindOfNode(XnnNodeKind kind) {
    XnnNode node = sample().nodes().get(kind.tag() - 1);
    assertThat(node.operation()).isEqualTo(expected(kind));
    assertThat(node.operation().kind()).isEqualTo(kind);
    assertThat(node.debugHandle()).isEqualTo(kind.tag());
    OutputRange range = new OutputRange(-1.5f, kind.tag());
    assertThat(node.outputRange()).isEqualTo(kind.tag() % 2 == 1 ? range : null);
  }

  @Test
  void readsEveryDatatype() {
    List<XnnValue> values = sample().values();
    for (XnnDatatype datatype : XnnDatatype.values()) {
      int i = datatype.code();
      assertThat(values.get(i - 1))
          .isEqualTo(
              new XnnValue(
                  10 * i + 3, datatype, Ints.of(i, 2), 10 * i, 10 * i + 1, 10 * i + 2, null, null));
    }
  }

  @Test
  void readsEveryKindOfQuantization() {
    List<XnnValue> values = sample().values();
    assertThat(values.subList(14, 18))
        .extracting(XnnValue::quantization)
        .containsExactly(
            new PerTensor(0.25f, -3),
            new PerChannel(Floats.of(0.5f, 1.5f), 1, 7, 8),
            new PerToken(2),
            new PerChannelGroup(Floats.of(2.5f), 1, 32, 9, 11));
    assertThat(values.get(17).id()).isEqualTo(1033);
  }

  @Test
  void readsWhatTheGraphSays() {
    XnnGraph graph = sample();
    assertThat(graph.form()).isEqualTo(XnnGraph.Form.HEADER);
    assertThat(graph.identifier()).isEqualTo("XN01");
    assertThat(graph.version()).isEqualTo("0");
    assertThat(graph.externs()).isEqualTo(5);
    assertThat(graph.inputs()).containsExactly(1, 2);
    assertThat(graph.outputs()).containsExactly(3);
    assertThat(graph.constants())
        .containsExactly(new XnnConstant.Reserved(), new XnnConstant.Named("key", 12));
  }

  @Test
  void whatIsWrittenSaysTheSameAndIsStable() {
    XnnGraph graph = sample();
    MemorySegment first = XnnBlob.write(graph);
    XnnGraph again = read(first);
    assertThat(again).isEqualTo(graph);
    assertThat(XnnBlob.write(again).mismatch(first)).isEqualTo(-1);
  }

  @Test
  void constantsInsideFollowTheTableAligned() {
    XnnGraph graph = XnnGraphs.linear(XnnGraph.Form.HEADER, "XN01", 4);
    MemorySegment blob = XnnBlob.write(graph);
    XnnGraph again = XnnBlob.verify(MemoryReader.of("blob", blob));
    assertThat(again).isEqualTo(graph);
    assertThat(blob.byteSize() % 16).isZero();
    assertThat(((XnnConstant.Inside) again.constants().get(1)).data().size()).isEqualTo(32);
  }

  @Test
  void oldBlobsHoldTheirConstantsInTheTable() {
    XnnGraph graph = XnnGraphs.linear(XnnGraph.Form.FLATBUFFER_ONLY, "XN00", 4);
    MemorySegment blob = XnnBlob.write(graph);
    assertThat(XnnBlob.verify(MemoryReader.of("blob", blob))).isEqualTo(graph);
  }

  @Test
  void dynamicQuantizationOfOldBlobsRoundTrips() {
    XnnGraph graph = XnnGraphs.linear(XnnGraph.Form.FLATBUFFER_ONLY, "XN00", 4);
    XnnValue in = graph.values().getFirst();
    XnnValue dynamic =
        new XnnValue(in.id(), in.datatype(), in.dims(), 0, 0, in.flags(), XnnDatatype.QINT8, null);
    XnnGraph changed = XnnGraphs.withValue(graph, 0, dynamic);
    assertThat(read(XnnBlob.write(changed))).isEqualTo(changed);
  }

  @Test
  void blobsWithoutHeaderCannotNameConstants() {
    XnnGraph graph = XnnGraphs.linear(XnnGraph.Form.FLATBUFFER_ONLY, "XN00", 4);
    XnnGraph named =
        XnnGraphs.withConstants(
            graph, List.of(new XnnConstant.Reserved(), new XnnConstant.Named("w", 32)));
    assertThatThrownBy(() -> XnnBlob.write(named)).isInstanceOf(InvalidInputException.class);
  }

  @Test
  void rejectsRegionsOutsideTheBlob() {
    byte[] whole = Resources.bytes("xnnpack/all-kinds.xnnpack");
    for (int field : new int[] {10, 14, 18, 22}) {
      byte[] bytes = whole.clone();
      bytes[field + 2] = 1;
      assertThatThrownBy(() -> read(MemorySegment.ofArray(bytes)))
          .as("field at " + field)
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("header");
    }
    byte[] shortHeader = whole.clone();
    shortHeader[8] = 29;
    assertThatThrownBy(() -> read(MemorySegment.ofArray(shortHeader)))
        .hasMessageContaining("header.length");
  }

  @Test
  void rejectsOverlappingRegions() {
    byte[] bytes = Resources.bytes("xnnpack/all-kinds.xnnpack");
    bytes[18] = 48;
    bytes[19] = 0;
    assertThatThrownBy(() -> read(MemorySegment.ofArray(bytes)))
        .hasMessageContaining("one after the other");
  }
}
