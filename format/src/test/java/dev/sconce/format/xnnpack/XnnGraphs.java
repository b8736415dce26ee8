package dev.sconce.format.xnnpack;

import dev.sconce.format.Blob;
import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnOperation.FullyConnected;
import java.util.ArrayList;
import java.util.List;

/** Graphs for tests, and variations of them. */
final class XnnGraphs {

  static final int IN = 0;
  static final int WEIGHTS = 1;
  static final int OUT = 2;

  private XnnGraphs() {}

  /** A linear layer, two inputs a row, whose weights are inside the blob. */
  static XnnGraph linear(XnnGraph.Form form, String identifier, int outputs) {
    int none = XnnGraph.NO_ID;
    List<XnnValue> values =
        List.of(
            value(IN, Ints.of(3, 2), 0, 0, XnnValue.EXTERNAL_INPUT),
            value(WEIGHTS, Ints.of(outputs, 2), 1, none, 0),
            value(OUT, Ints.of(3, outputs), 0, 1, XnnValue.EXTERNAL_OUTPUT));
    XnnNode node = new XnnNode(new FullyConnected(IN, WEIGHTS, none, OUT, 0), 7, null);
    List<XnnConstant> constants =
        List.of(new XnnConstant.Reserved(), new XnnConstant.Inside(Blob.of(new byte[8 * outputs])));
    return new XnnGraph(
        form, identifier, "0", List.of(node), values, 2, Ints.of(IN), Ints.of(OUT), constants);
  }

  static XnnValue value(int id, Ints dims, int constant, int externalId, int flags) {
    return new XnnValue(id, XnnDatatype.FP32, dims, constant, externalId, flags, null, null);
  }

  /** A constant of a type with a quantization, in the place of the weights. */
  static XnnValue weights(XnnDatatype datatype, XnnQuantization quantization, int... dims) {
    return new XnnValue(WEIGHTS, datatype, Ints.of(dims), 1, XnnGraph.NO_ID, 0, null, quantization);
  }

  static XnnGraph withValue(XnnGraph g, int index, XnnValue value) {
    List<XnnValue> values = new ArrayList<>(g.values());
    values.set(index, value);
    return new XnnGraph(
        g.form(),
        g.identifier(),
        g.version(),
        g.nodes(),
        values,
        g.externs(),
        g.inputs(),
        g.outputs(),
        g.constants());
  }

  static XnnGraph withConstants(XnnGraph g, List<XnnConstant> constants) {
    return new XnnGraph(
        g.form(),
        g.identifier(),
        g.version(),
        g.nodes(),
        g.values(),
        g.externs(),
        g.inputs(),
        g.outputs(),
        constants);
  }

  static XnnGraph withOperations(XnnGraph g, XnnOperation... operations) {
    List<XnnNode> nodes =
        List.of(operations).stream().map(operation -> new XnnNode(operation, 0, null)).toList();
    return new XnnGraph(
        g.form(),
        g.identifier(),
        g.version(),
        nodes,
        g.values(),
        g.externs(),
        g.inputs(),
        g.outputs(),
        g.constants());
  }

  static XnnGraph withExterns(XnnGraph g, int externs, Ints inputs, Ints outputs) {
    return new XnnGraph(
        g.form(),
        g.identifier(),
        g.version(),
        g.nodes(),
        g.values(),
        externs,
        inputs,
        outputs,
        g.constants());
  }
}
