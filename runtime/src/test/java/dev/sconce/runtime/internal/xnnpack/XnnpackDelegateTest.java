package dev.sconce.runtime.internal.xnnpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.base.DType;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.UnsupportedProgramException;
import dev.sconce.format.Floats;
import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.BinaryOperator;
import dev.sconce.format.xnnpack.UnaryOperator;
import dev.sconce.format.xnnpack.XnnDatatype;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnOperation;
import dev.sconce.format.xnnpack.XnnQuantization;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the official exporter does not write today, and what nobody should. */
class XnnpackDelegateTest {

  private static final XnnQuantization BYTES = new XnnQuantization.PerTensor(0.5f, 3);

  @Test
  void followsNewSizesAndReusesThePlan() {
    try (GraphHarness graph = new GraphHarness()) {
      int x = graph.input(XnnDatatype.FP32, DType.FLOAT32, null, 4, 3);
      int y = graph.output(XnnDatatype.FP32, DType.FLOAT32, null, 4, 3);
      int t = graph.internal(XnnDatatype.FP32, null, 4, 3);
      graph.node(new XnnOperation.Unary(UnaryOperator.SQUARE, x, t, 0));
      graph.node(new XnnOperation.Binary(BinaryOperator.ADD, t, x, y, 0));
      Step step = graph.bind();
      for (int rows : new int[] {2, 4, 1, 1, 3}) {
        graph.slot(x).resize(rows, 3);
        graph.set(x, 1, 2, 3);
        GraphHarness.run(step);
        assertThat(graph.slot(y).sizes()).containsExactly(rows, 3);
        assertThat(graph.floats(y)).startsWith(2, 6, 12);
      }
    }
  }

  @Test
  void multipliesInputsOfOldBlobsThatAreQuantizedWithoutConvertNode() {
    try (GraphHarness graph = new GraphHarness()) {
      int x = graph.legacyInput(1, 2);
      XnnQuantization scales = new XnnQuantization.PerChannel(Floats.of(0.5f, 2f), 0, 0, 0);
      int w = graph.constant(XnnDatatype.QCINT8, scales, new byte[] {2, 4, 1, -1}, 2, 2);
      int y = graph.output(XnnDatatype.FP32, DType.FLOAT32, null, 1, 2);
      graph.node(new XnnOperation.FullyConnected(x, w, XnnGraph.NO_ID, y, 0));
      graph.set(x, 0f, 2.55f);
      graph.run();
      // 2.55 is 255 steps of 0.01: exact in 8 bits.
      assertThat(graph.floats(y)[0]).isCloseTo(5.1f, within(1e-5f));
      assertThat(graph.floats(y)[1]).isCloseTo(-5.1f, within(1e-5f));
    }
  }

  @Test
  void refusesFlagsThatANodeDoesNotKnow() {
    try (GraphHarness graph = new GraphHarness()) {
      int x = graph.input(XnnDatatype.FP32, DType.FLOAT32, null, 2);
      int y = graph.output(XnnDatatype.FP32, DType.FLOAT32, null, 2);
      graph.node(new XnnOperation.Unary(UnaryOperator.ABS, x, y, 0x50));
      assertThatThrownBy(graph::run)
          .isInstanceOf(UnsupportedProgramException.class)
          .hasMessageContaining("flag 0x40");
    }
  }

  @Test
  void computesUnsignedBytesThroughFloats() {
    try (GraphHarness graph = new GraphHarness()) {
      int x = graph.input(XnnDatatype.QUINT8, DType.UINT8, BYTES, 3);
      int y = graph.output(XnnDatatype.QUINT8, DType.UINT8, BYTES, 3);
      graph.node(new XnnOperation.Unary(UnaryOperator.ABS, x, y, 0));
      graph.set(x, (byte) 1, (byte) 3, (byte) 250);
      graph.run();
      byte[] result = graph.slot(y).data().asSlice(0, 3).toArray(ValueLayout.JAVA_BYTE);
      assertThat(result).containsExactly(5, 3, 250);
    }
  }

  @Test
  void multipliesUnsignedBytesWithUnsignedWeights() {
    try (GraphHarness graph = new GraphHarness()) {
      int x = graph.input(XnnDatatype.QUINT8, DType.UINT8, BYTES, 1, 2);
      XnnQuantization weights = new XnnQuantization.PerTensor(1f, 10);
      int w = graph.constant(XnnDatatype.QUINT8, weights, new byte[] {12, 9, (byte) 200, 10}, 2, 2);
      XnnQuantization biasScale = new XnnQuantization.PerTensor(0.5f, 0);
      byte[] ints = {4, 0, 0, 0, -1, -1, -1, -1};
      int bias = graph.constant(XnnDatatype.QINT32, biasScale, ints, 2);
      int y = graph.output(XnnDatatype.QUINT8, DType.UINT8, BYTES, 1, 2);
      graph.node(new XnnOperation.FullyConnected(x, w, bias, y, 0));
      graph.set(x, (byte) 5, (byte) 7);
      graph.run();
      // (5-3)·(12-10) + (7-3)·(9-10) + 4 = 4 and (5-3)·190 - 1 = 379, both plus the zero point 3.
      byte[] result = graph.slot(y).data().asSlice(0, 2).toArray(ValueLayout.JAVA_BYTE);
      assertThat(result).containsExactly(7, (byte) 255);
    }
  }

  @Test
  void widensIndices() {
    try (GraphHarness graph = new GraphHarness()) {
      int x = graph.input(XnnDatatype.FP32, DType.FLOAT32, null, 1, 2, 2, 1);
      int value = graph.output(XnnDatatype.FP32, DType.FLOAT32, null, 1, 1, 1, 1);
      int index = graph.output(XnnDatatype.INT32, DType.INT64, null, 1, 1, 1, 1);
      graph.node(
          new XnnOperation.ArgMaxPooling(
              new XnnOperation.Padding(0, 0, 0, 0),
              new XnnOperation.Extent(2, 2),
              x,
              value,
              index,
              0));
      graph.set(x, -4, -3, -1, -2);
      graph.run();
      assertThat(graph.floats(value)).containsExactly(-1);
      assertThat(graph.slot(index).data().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(2);
    }
  }

  @Test
  void multipliesTransposedMatricesWhereTheyLie() {
    for (int batch = 1; batch <= 2; batch++) {
      for (int rows : new int[] {1, 3}) {
        for (int flags : new int[] {0, BatchProductNode.TRANSPOSE_B}) {
          for (Ints right : List.of(Ints.of(0, 2, 1, 3), Ints.of(0, 2, 3, 1))) {
            // Moved where something else reads it too, otherwise not.
            assertThat(heads(batch, rows, right, flags, false))
                .as("batch %d, rows %d, right %s, flags %d", batch, rows, right, flags)
                .containsExactly(heads(batch, rows, right, flags, true));
          }
        }
      }
    }
  }

  /** Multiplies three heads of [rows, 4] with [4, 4], both stored in turns. */
  private static float[] heads(int batch, int rows, Ints turn, int flags, boolean moved) {
    try (GraphHarness graph = new GraphHarness()) {
      int a = graph.input(XnnDatatype.FP32, DType.FLOAT32, null, batch, rows, 3, 4);
      int b = graph.input(XnnDatatype.FP32, DType.FLOAT32, null, batch, 4, 3, 4);
      int y = graph.output(XnnDatatype.FP32, DType.FLOAT32, null, batch, 3, rows, 4);
      int left = graph.internal(XnnDatatype.FP32, null, batch, 3, rows, 4);
      int right = graph.internal(XnnDatatype.FP32, null, batch, 3, 4, 4);
      graph.node(new XnnOperation.StaticTranspose(Ints.of(0, 2, 1, 3), a, left, 0));
      graph.node(new XnnOperation.StaticTranspose(turn, b, right, 0));
      graph.node(
          new XnnOperation.Binary(BinaryOperator.BATCH_MATRIX_MULTIPLY, left, right, y, flags));
      if (moved) {
        int other = graph.output(XnnDatatype.FP32, DType.FLOAT32, null, batch, 3, rows, 4);
        int another = graph.output(XnnDatatype.FP32, DType.FLOAT32, null, batch, 3, 4, 4);
        graph.node(new XnnOperation.Unary(UnaryOperator.ABS, left, other, 0));
        graph.node(new XnnOperation.Unary(UnaryOperator.ABS, right, another, 0));
      }
      graph.set(a, counted(batch * rows * 12));
      graph.set(b, counted(batch * 48));
      graph.run();
      return graph.floats(y);
    }
  }

  private static float[] counted(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i * 7 % 11 - 5;
    }
    return values;
  }

  @Test
  void broadcastsBatchesOfMatrices() {
    try (GraphHarness graph = new GraphHarness()) {
      int a = graph.input(XnnDatatype.FP32, DType.FLOAT32, null, 2, 1, 1, 2);
      int b = graph.input(XnnDatatype.FP32, DType.FLOAT32, null, 1, 2, 2, 1);
      int y = graph.output(XnnDatatype.FP32, DType.FLOAT32, null, 2, 2, 1, 1);
      graph.node(new XnnOperation.Binary(BinaryOperator.BATCH_MATRIX_MULTIPLY, a, b, y, 0));
      graph.set(a, 1, 2, 3, 4);
      graph.set(b, 1, 10, 100, 1000);
      graph.run();
      assertThat(graph.floats(y)).containsExactly(21, 2100, 43, 4300);
    }
  }

  @Test
  void takesSlicesOfSizeZeroForTheRest() {
    try (GraphHarness graph = new GraphHarness()) {
      int x = graph.input(XnnDatatype.FP32, DType.FLOAT32, null, 5);
      int y = graph.output(XnnDatatype.FP32, DType.FLOAT32, null, 5);
      graph.node(new XnnOperation.StaticSlice(Ints.of(2), Ints.of(0), x, y, 0));
      graph.set(x, 1, 2, 3, 4, 5);
      graph.run();
      assertThat(graph.floats(y)).containsExactly(3, 4, 5);
    }
  }

  @Test
  void rejectsOperandsThatDoNotFit() {
    try (GraphHarness graph = new GraphHarness()) {
      int a = graph.input(XnnDatatype.FP32, DType.FLOAT32, null, 2);
      int b = graph.input(XnnDatatype.FP32, DType.FLOAT32, null, 3);
      int y = graph.output(XnnDatatype.FP32, DType.FLOAT32, null, 3);
      graph.node(new XnnOperation.Binary(BinaryOperator.ADD, a, b, y, 0));
      Step step = graph.bind();
      assertThatThrownBy(() -> GraphHarness.run(step))
          .isInstanceOf(OperatorFailure.class)
          .hasMessageContaining("ADD #0")
          .hasMessageContaining("[2]")
          .hasMessageContaining("[3]");
      // Usable after a failed call.
      graph.slot(b).resize(1);
      graph.set(a, 1, 2);
      graph.set(b, 10);
      GraphHarness.run(step);
      assertThat(graph.floats(y)).containsExactly(11, 12);
    }
  }

  @Test
  void rejectsArgumentsOfAnotherType() {
    try (GraphHarness graph = new GraphHarness()) {
      int x = graph.input(XnnDatatype.FP16, DType.FLOAT32, null, 2);
      int y = graph.output(XnnDatatype.FP16, DType.FLOAT16, null, 2);
      graph.node(new XnnOperation.Unary(UnaryOperator.ABS, x, y, 0));
      assertThatThrownBy(graph::bind)
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("args[0]");
    }
  }

  @Test
  void rejectsNamedDataThatIsMissingOrTooShort() {
    try (GraphHarness graph = new GraphHarness()) {
      int x = graph.input(XnnDatatype.FP32, DType.FLOAT32, null, 2);
      int c = graph.namedConstant(XnnDatatype.FP32, "key", 8, 2);
      int y = graph.output(XnnDatatype.FP32, DType.FLOAT32, null, 2);
      graph.node(new XnnOperation.Binary(BinaryOperator.ADD, x, c, y, 0));
      assertThatThrownBy(graph::prepare)
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("\"key\"");
      graph.name("key", new byte[7]);
      assertThatThrownBy(graph::prepare)
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("8 bytes");
    }
  }

  @Test
  void rejectsScalesThatAreNotNormal() {
    for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY, 1e-40f}) {
      try (GraphHarness graph = new GraphHarness()) {
        int x = graph.legacyInput(1, 1);
        XnnQuantization scales = new XnnQuantization.PerChannel(Floats.of(scale), 0, 0, 0);
        int w = graph.constant(XnnDatatype.QCINT8, scales, new byte[] {1}, 1, 1);
        int y = graph.output(XnnDatatype.FP32, DType.FLOAT32, null, 1, 1);
        graph.node(new XnnOperation.FullyConnected(x, w, XnnGraph.NO_ID, y, 0));
        assertThatThrownBy(graph::prepare)
            .isInstanceOf(MalformedFileException.class)
            .hasMessageContaining("scale");
      }
    }
  }

  @Test
  void namesAllThatNobodyExecutes() {
    try (GraphHarness graph = new GraphHarness()) {
      int x = graph.input(XnnDatatype.FP32, DType.FLOAT32, null, 1);
      int y = graph.output(XnnDatatype.FP32, DType.FLOAT32, null, 1);
      graph.node(new XnnOperation.ScaledDotProductAttention(x, x, x, x, x, y, 0));
      assertThatThrownBy(graph::prepare)
          .isInstanceOf(UnsupportedProgramException.class)
          .hasMessageContaining("SCALED_DOT_PRODUCT_ATTENTION");
    }
  }
}
