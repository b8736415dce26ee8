package dev.sconce.format.xnnpack;

import static dev.sconce.format.xnnpack.XnnGraphs.IN;
import static dev.sconce.format.xnnpack.XnnGraphs.OUT;
import static dev.sconce.format.xnnpack.XnnGraphs.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Blob;
import dev.sconce.format.Floats;
import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnOperation.FullyConnected;
import dev.sconce.format.xnnpack.XnnOperation.StaticConstantPad;
import dev.sconce.format.xnnpack.XnnOperation.StaticReshape;
import dev.sconce.format.xnnpack.XnnOperation.StaticSlice;
import dev.sconce.format.xnnpack.XnnOperation.StaticTranspose;
import dev.sconce.format.xnnpack.XnnOperation.Unary;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannel;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannelGroup;
import dev.sconce.format.xnnpack.XnnQuantization.PerTensor;
import dev.sconce.format.xnnpack.XnnQuantization.PerToken;
import java.util.List;
import org.junit.jupiter.api.Test;

class XnnVerifierTest {

  private static final int NONE = XnnGraph.NO_ID;
  private static final XnnGraph GOOD = XnnGraphs.linear(XnnGraph.Form.HEADER, "XN01", 4);

  private static XnnGraph verify(XnnGraph graph) {
    return XnnBlob.verify(MemoryReader.of("blob", XnnBlob.write(graph)));
  }

  private static void rejects(XnnGraph graph, String path) {
    assertThatThrownBy(() -> verify(graph))
        .isInstanceOfSatisfying(
            MalformedFileException.class,
            malformed -> {
              assertThat(malformed.path()).startsWith(path);
              assertThat(malformed.offset()).isPositive();
            });
  }

  private static XnnGraph withWeights(XnnDatatype type, XnnQuantization quantization) {
    return XnnGraphs.withValue(GOOD, 1, XnnGraphs.weights(type, quantization, 4, 2));
  }

  @Test
  void acceptsAGoodGraph() {
    assertThat(verify(GOOD)).isEqualTo(GOOD);
  }

  @Test
  void valuesHaveAtMostSixDimensions() {
    rejects(
        XnnGraphs.withValue(GOOD, 0, XnnGraphs.value(IN, Ints.of(1, 1, 1, 1, 1, 1, 1), 0, 0, 1)),
        "xvalues[0].dims");
  }

  @Test
  void sizesFit64Bits() {
    int huge = Integer.MAX_VALUE;
    rejects(
        XnnGraphs.withValue(GOOD, 0, XnnGraphs.value(IN, Ints.of(huge, huge, huge), 0, 0, 1)),
        "xvalues[0].dims");
  }

  @Test
  void idsOccurOnce() {
    rejects(
        XnnGraphs.withValue(GOOD, 1, XnnGraphs.value(IN, Ints.of(4, 2), 1, NONE, 0)),
        "xvalues[1].id_out");
    rejects(
        XnnGraphs.withValue(GOOD, 1, XnnGraphs.value(NONE, Ints.of(4, 2), 1, NONE, 0)),
        "xvalues[1].id_out");
  }

  @Test
  void constantsAreThereAndLargeEnough() {
    rejects(
        XnnGraphs.withValue(GOOD, 1, XnnGraphs.value(WEIGHTS, Ints.of(4, 2), 2, NONE, 0)),
        "xvalues[1].constant_buffer_idx");
    rejects(
        XnnGraphs.withValue(GOOD, 1, XnnGraphs.value(WEIGHTS, Ints.of(5, 2), 1, NONE, 0)),
        "constant_data[1].size");
    rejects(
        XnnGraphs.withConstants(
            GOOD, List.of(new XnnConstant.Reserved(), new XnnConstant.Named("w", 31))),
        "constant_data[1].size");
    verify(
        XnnGraphs.withConstants(
            GOOD, List.of(new XnnConstant.Reserved(), new XnnConstant.Named("w", 32))));
  }

  @Test
  void fourBitRowsTakeWholeBytes() {
    PerChannel scales = new PerChannel(Floats.of(1, 1, 1, 1), 0, 0, 0);
    XnnGraph graph =
        XnnGraphs.withValue(GOOD, 1, XnnGraphs.weights(XnnDatatype.QCINT4, scales, 4, 3));
    List<XnnConstant> eight =
        List.of(new XnnConstant.Reserved(), new XnnConstant.Inside(Blob.of(new byte[8])));
    List<XnnConstant> seven =
        List.of(new XnnConstant.Reserved(), new XnnConstant.Inside(Blob.of(new byte[7])));
    verify(XnnGraphs.withConstants(graph, eight));
    rejects(XnnGraphs.withConstants(graph, seven), "constant_data[1].size");
  }

  @Test
  void constantsAreNoArguments() {
    rejects(
        XnnGraphs.withValue(GOOD, 1, XnnGraphs.value(WEIGHTS, Ints.of(4, 2), 1, 0, 1)),
        "xvalues[1].constant_buffer_idx");
  }

  @Test
  void argumentsAreInRangeAndOccurOnce() {
    rejects(XnnGraphs.withExterns(GOOD, 4097, GOOD.inputs(), GOOD.outputs()), "num_externs");
    rejects(
        XnnGraphs.withExterns(GOOD, 1, GOOD.inputs(), GOOD.outputs()), "xvalues[2].external_id");
    rejects(
        XnnGraphs.withValue(GOOD, 2, XnnGraphs.value(OUT, Ints.of(3, 4), 0, 0, 2)),
        "xvalues[2].external_id");
    rejects(
        XnnGraphs.withValue(GOOD, 2, XnnGraphs.value(OUT, Ints.of(3, 4), 0, NONE, 2)),
        "xvalues[2].external_id");
  }

  @Test
  void inputsAndOutputsOfTheGraphAreFlaggedAsSuch() {
    rejects(XnnGraphs.withExterns(GOOD, 2, Ints.of(OUT), GOOD.outputs()), "input_ids[0]");
    rejects(XnnGraphs.withExterns(GOOD, 2, GOOD.inputs(), Ints.of(IN)), "output_ids[0]");
    rejects(XnnGraphs.withExterns(GOOD, 2, Ints.of(9), GOOD.outputs()), "input_ids[0]");
    rejects(XnnGraphs.withOperations(GOOD), "output_ids[0]");
  }

  @Test
  void nodesReadWhatWasWrittenBefore() {
    rejects(
        XnnGraphs.withOperations(GOOD, new FullyConnected(9, WEIGHTS, NONE, OUT, 0)), "xnodes[0]");
    rejects(
        XnnGraphs.withOperations(GOOD, new FullyConnected(OUT, WEIGHTS, NONE, OUT, 0)),
        "xnodes[0]");
  }

  @Test
  void valuesAreWrittenOnce() {
    Unary abs = new Unary(UnaryOperator.ABS, IN, OUT, 0);
    rejects(XnnGraphs.withOperations(GOOD, abs, abs), "xnodes[1]");
    rejects(
        XnnGraphs.withOperations(GOOD, new Unary(UnaryOperator.ABS, IN, WEIGHTS, 0)), "xnodes[0]");
    rejects(
        XnnGraphs.withOperations(GOOD, new Unary(UnaryOperator.ABS, WEIGHTS, IN, 0)), "xnodes[0]");
  }

  @Test
  void shapesOfNodesMakeSense() {
    for (XnnOperation bad :
        List.of(
            new StaticTranspose(Ints.of(0, 0), IN, OUT, 0),
            new StaticTranspose(Ints.of(0, 2), IN, OUT, 0),
            new StaticReshape(Ints.of(1, 1, 1, 1, 1, 1, 1), IN, OUT, 0),
            new StaticReshape(Ints.of(0, 0), IN, OUT, 0),
            new StaticConstantPad(Ints.of(1), Ints.of(1, 2), 0, IN, OUT, 0))) {
      rejects(XnnGraphs.withOperations(GOOD, bad), "xnodes[0]");
    }
    verify(XnnGraphs.withOperations(GOOD, new StaticTranspose(Ints.of(1, 0), IN, OUT, 0)));
    verify(XnnGraphs.withOperations(GOOD, new StaticSlice(Ints.of(0), Ints.of(1), IN, OUT, 0)));
  }

  @Test
  void filtersAreNotOptional() {
    rejects(
        XnnGraphs.withOperations(GOOD, new FullyConnected(IN, NONE, NONE, OUT, 0)), "xnodes[0]");
    rejects(
        XnnGraphs.withOperations(GOOD, new FullyConnected(NONE, WEIGHTS, NONE, OUT, 0)),
        "xnodes[0]");
  }

  @Test
  void scalesAreAsManyAsChannels() {
    verify(withWeights(XnnDatatype.QCINT8, new PerChannel(Floats.of(1, 1, 1, 1), 0, 0, 0)));
    rejects(
        withWeights(XnnDatatype.QCINT8, new PerChannel(Floats.of(1, 1, 1), 0, 0, 0)),
        "xvalues[1].quant_params.scale");
    rejects(
        withWeights(XnnDatatype.QCINT8, new PerChannel(Floats.of(), 2, 0, 0)),
        "xvalues[1].quant_params.channel_dim");
    rejects(
        withWeights(XnnDatatype.QCINT8, new PerChannel(Floats.of(), 0, 1, 3)),
        "xvalues[1].quant_params.num_scales");
    rejects(
        withWeights(XnnDatatype.QCINT8, new PerChannel(Floats.of(), 0, 1, 9)),
        "constant_data[1].size");
    rejects(
        withWeights(XnnDatatype.QCINT8, new PerChannel(Floats.of(), 0, 5, 4)),
        "xvalues[1].quant_params.scale_buffer_idx");
  }

  @Test
  void groupsDivideChannels() {
    verify(withWeights(XnnDatatype.QBINT4, new PerChannelGroup(Floats.of(), 0, 1, 1, 8)));
    rejects(
        withWeights(XnnDatatype.QBINT4, new PerChannelGroup(Floats.of(), 0, 3, 1, 8)),
        "xvalues[1].quant_params.group_size");
    rejects(
        withWeights(XnnDatatype.QBINT4, new PerChannelGroup(Floats.of(), 0, 0, 1, 8)),
        "xvalues[1].quant_params.group_size");
    rejects(
        withWeights(XnnDatatype.QBINT4, new PerChannelGroup(Floats.of(1), 0, 1, 0, 0)),
        "xvalues[1].quant_params.scale");
  }

  @Test
  void scalesOfTensorsAreFiniteAndPositive() {
    verify(withWeights(XnnDatatype.QINT8, new PerTensor(0.5f, 3)));
    for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      rejects(
          withWeights(XnnDatatype.QINT8, new PerTensor(scale, 0)), "xvalues[1].quant_params.scale");
    }
    rejects(
        withWeights(XnnDatatype.QDINT8, new PerToken(3)),
        "xvalues[1].quant_params.num_nonbatch_dims");
  }
}
