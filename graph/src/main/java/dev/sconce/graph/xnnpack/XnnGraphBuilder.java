package dev.sconce.graph.xnnpack;

import dev.sconce.base.DType;
import dev.sconce.format.Floats;
import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnDatatype;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnNode;
import dev.sconce.format.xnnpack.XnnOperation;
import dev.sconce.format.xnnpack.XnnQuantization;
import dev.sconce.format.xnnpack.XnnValue;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.graph.quantize.LinearData;
import dev.sconce.graph.quantize.Packing;
import dev.sconce.graph.quantize.QuantizedMatrix;
import dev.sconce.graph.quantize.WeightScheme;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects the nodes, values and constants of one XNNPACK graph. */
final class XnnGraphBuilder {

  private final Map<Value, ConstantData> parameters;
  private final TurnedMatrices turned;
  private final Map<Value, Integer> ids = new HashMap<>();
  private final Map<String, Integer> constantIndices = new HashMap<>();
  private final Map<Integer, Integer> quantizedInputs = new HashMap<>();
  private final Map<Float, Integer> scalars = new HashMap<>();
  private final List<ConstantData> constants = new ArrayList<>();
  private final List<XnnValue> values = new ArrayList<>();
  private final List<XnnNode> nodes = new ArrayList<>();
  private final Map<Value, Integer> externals = new HashMap<>();
  private final int inputCount;

  /**
   * Creates a builder.
   *
   * @param parameters the data of every parameter
   * @param turned the matrices that lie the other way round
   * @param inputs the tensors that the call hands in, in order
   * @param outputs the tensors that the call gets back, in order
   */
  XnnGraphBuilder(
      Map<Value, ConstantData> parameters,
      TurnedMatrices turned,
      List<Value> inputs,
      List<Value> outputs) {
    this.parameters = parameters;
    this.turned = turned;
    this.inputCount = inputs.size();
    inputs.forEach(input -> externals.put(input, externals.size()));
    outputs.forEach(output -> externals.put(output, externals.size()));
    inputs.forEach(this::id);
  }

  /** Returns the id of a tensor, adding it at first sight. */
  int id(Value value) {
    Integer known = ids.get(value);
    if (known != null) {
      return known;
    }
    ConstantData data = parameters.get(value);
    int id = data == null ? variable(value) : constant(value.tensorType(), data);
    ids.put(value, id);
    return id;
  }

  /** Returns the matrices that are those given with rows and columns exchanged, if there are. */
  Optional<Value> turned(Value matrices) {
    return turned.source(matrices);
  }

  private int variable(Value value) {
    Integer external = externals.get(value);
    int flags = 0;
    if (external != null) {
      flags = external < inputCount ? XnnValue.EXTERNAL_INPUT : XnnValue.EXTERNAL_OUTPUT;
    }
    return add(
        datatype(value.tensorType().dtype()),
        dims(value.tensorType()),
        0,
        external == null ? XnnGraph.NO_ID : external,
        flags,
        null);
  }

  private int constant(Type.TensorType type, ConstantData data) {
    return add(datatype(type.dtype()), dims(type), constantIndex(data), XnnGraph.NO_ID, 0, null);
  }

  /** Returns the id of a number that broadcasts with any tensor. */
  int scalar(double number, DType dtype) {
    float value = (float) number;
    return scalars.computeIfAbsent(
        value, v -> constant(Type.TensorType.of(dtype, 1), new ScalarData(v, dtype)));
  }

  /** Returns the id of a new tensor that stays inside. */
  int internal(Type.TensorType type) {
    return add(datatype(type.dtype()), dims(type), 0, XnnGraph.NO_ID, 0, null);
  }

  /** Returns the id of a matrix that is quantised as its data demand. */
  int quantizedMatrix(Value matrix, LinearData data) {
    Integer known = ids.get(matrix);
    if (known != null) {
      return known;
    }
    WeightScheme scheme = data.scheme();
    QuantizedMatrix quantized = data.matrix();
    int scaleCount = data.rows().rows() * quantized.groupsPerRow();
    boolean nibbles = scheme.bits() == 4;
    // Float input goes with a scale a row; quantised input with bfloat16 scales of groups.
    boolean groups = data.scaleType() == DType.BFLOAT16;
    int weights =
        constantIndex(quantized.integers(nibbles ? Packing.NIBBLES_EVEN_LOW : Packing.BYTES));
    int scales = constantIndex(quantized.scales(data.scaleType()));
    int group = scheme.groupLength(data.rows().columns());
    XnnQuantization quantization =
        groups
            ? new XnnQuantization.PerChannelGroup(Floats.of(), 0, group, scales, scaleCount)
            : new XnnQuantization.PerChannel(Floats.of(), 0, scales, scaleCount);
    XnnDatatype datatype = nibbles ? XnnDatatype.QCINT4 : XnnDatatype.QCINT8;
    int id =
        add(
            groups ? XnnDatatype.QBINT4 : datatype,
            dims(matrix.tensorType()),
            weights,
            XnnGraph.NO_ID,
            0,
            quantization);
    ids.put(matrix, id);
    return id;
  }

  /** Returns the id of a tensor quantised row by row at run time; converted once for all users. */
  int quantizedRows(Value value) {
    int source = id(value);
    return quantizedInputs.computeIfAbsent(
        source,
        s -> {
          int target =
              add(
                  XnnDatatype.QDINT8,
                  dims(value.tensorType()),
                  0,
                  XnnGraph.NO_ID,
                  0,
                  new XnnQuantization.PerToken(1));
          node(
              new XnnOperation.Unary(
                  dev.sconce.format.xnnpack.UnaryOperator.CONVERT, s, target, 0));
          return target;
        });
  }

  void node(XnnOperation operation) {
    node(operation, null);
  }

  void node(XnnOperation operation, XnnNode.@Nullable OutputRange range) {
    nodes.add(new XnnNode(operation, nodes.size(), range));
  }

  /** Returns the subgraph. */
  XnnpackSubgraph build() {
    int[] inputs = new int[inputCount];
    int[] outputs = new int[externals.size() - inputCount];
    externals.forEach(
        (value, index) -> {
          if (index < inputCount) {
            inputs[index] = id(value);
          } else {
            outputs[index - inputCount] = id(value);
          }
        });
    XnnGraph graph =
        XnnGraph.of(nodes, values, externals.size(), Ints.of(inputs), Ints.of(outputs), List.of());
    return new XnnpackSubgraph(graph, constants);
  }

  private int constantIndex(ConstantData data) {
    return constantIndices.computeIfAbsent(
        data.identity(),
        _ -> {
          constants.add(data);
          return constants.size();
        });
  }

  private int add(
      XnnDatatype datatype,
      Ints dims,
      int constant,
      int externalId,
      int flags,
      @Nullable XnnQuantization quantization) {
    int id = values.size();
    values.add(new XnnValue(id, datatype, dims, constant, externalId, flags, null, quantization));
    return id;
  }

  /** XNNPACK has no tensors without dimensions. */
  private static Ints dims(Type.TensorType type) {
    long[] max = type.maxShape();
    if (max.length == 0) {
      return Ints.of(1);
    }
    int[] dims = new int[max.length];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = Math.toIntExact(max[i]);
    }
    return Ints.of(dims);
  }

  private static XnnDatatype datatype(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> XnnDatatype.FP32;
      case FLOAT16 -> XnnDatatype.FP16;
      default -> throw new IllegalArgumentException("XNNPACK does not compute with " + dtype);
    };
  }
}
