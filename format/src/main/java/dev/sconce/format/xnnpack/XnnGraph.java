package dev.sconce.format.xnnpack;

import dev.sconce.format.Ints;
import java.util.List;

/**
 * What an XNNPACK blob says.
 *
 * @param form how the blob is laid out
 * @param identifier the FlatBuffer's identifier, {@code XN01}, or {@code XN00} in old blobs
 * @param version the schema version, a text; "0" in all known blobs
 * @param nodes the nodes in the order of their execution
 * @param values the values
 * @param externs how many arguments of the call the graph uses
 * @param inputs the ids of the graph's inputs
 * @param outputs the ids of the graph's outputs
 * @param constants the constants; {@link XnnValue#constant()} is an index into this list, whose
 *     first entry is {@link XnnConstant.Reserved}
 */
public record XnnGraph(
    Form form,
    String identifier,
    String version,
    List<XnnNode> nodes,
    List<XnnValue> values,
    int externs,
    Ints inputs,
    Ints outputs,
    List<XnnConstant> constants) {

  /** The id that stands for no value: a missing bias, a value that is no argument. */
  public static final int NO_ID = -1;

  /** How a blob is laid out. */
  public enum Form {
    /** A header, the FlatBuffer, then the constants. */
    HEADER,
    /** The FlatBuffer alone, with the constants in it: blobs of 2023 and before. */
    FLATBUFFER_ONLY
  }

  /** Creates the record with copies of the lists. */
  public XnnGraph {
    nodes = List.copyOf(nodes);
    values = List.copyOf(values);
    constants = List.copyOf(constants);
  }

  /** Returns a graph in the form that is written today. */
  public static XnnGraph of(
      List<XnnNode> nodes,
      List<XnnValue> values,
      int externs,
      Ints inputs,
      Ints outputs,
      List<XnnConstant> constants) {
    return new XnnGraph(
        Form.HEADER, "XN01", "0", nodes, values, externs, inputs, outputs, constants);
  }
}
