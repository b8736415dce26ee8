package dev.sconce.format.xnnpack;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Blob;
import dev.sconce.format.Floats;
import dev.sconce.format.Ints;
import dev.sconce.format.flatbuffer.FieldProbe;
import dev.sconce.format.xnnpack.XnnOperation.ArgMaxPooling;
import dev.sconce.format.xnnpack.XnnOperation.Binary;
import dev.sconce.format.xnnpack.XnnOperation.Concatenate;
import dev.sconce.format.xnnpack.XnnOperation.Convolution;
import dev.sconce.format.xnnpack.XnnOperation.Elu;
import dev.sconce.format.xnnpack.XnnOperation.FullyConnected;
import dev.sconce.format.xnnpack.XnnOperation.LeakyRelu;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Checks what a graph says, so that an executor need not: sizes are representable, names of values
 * lead somewhere, nodes read only what was written before, constants are as large as their values.
 */
final class XnnVerifier {

  /** XNN_MAX_TENSOR_DIMS. */
  private static final int MAX_DIMS = 6;

  /** The official runtime's limit. */
  private static final int MAX_EXTERNS = 4096;

  private final MemoryReader blob;
  private final XnnGraph graph;
  private final Map<Integer, XnnValue> values = new HashMap<>();

  /** Ids of values that hold something: inputs, constants, and what the nodes so far wrote. */
  private final Set<Integer> written = new HashSet<>();

  XnnVerifier(MemoryReader blob, XnnGraph graph) {
    this.blob = blob;
    this.graph = graph;
  }

  void verify() {
    FieldPath root = FieldPath.root();
    require(
        graph.externs() <= MAX_EXTERNS,
        root.field("num_externs"),
        "at most %s",
        MAX_EXTERNS,
        graph.externs());
    for (int i = 0; i < graph.values().size(); i++) {
      verify(graph.values().get(i), root.field("xvalues").element(i));
    }
    verifyExternals(root);
    for (int i = 0; i < graph.nodes().size(); i++) {
      verify(graph.nodes().get(i).operation(), root.field("xnodes").element(i));
    }
    for (int i = 0; i < graph.outputs().size(); i++) {
      int id = graph.outputs().at(i);
      require(
          written.contains(id),
          root.field("output_ids").element(i),
          "a value that a node writes",
          number(id));
    }
  }

  private void verify(XnnValue value, FieldPath path) {
    FieldPath id = path.field("id_out");
    require(value.id() != XnnGraph.NO_ID, id, "an id", number(value.id()));
    require(values.put(value.id(), value) == null, id, "ids that occur once", number(value.id()));
    require(
        value.dims().size() <= MAX_DIMS,
        path.field("dims"),
        "at most %s dimensions",
        MAX_DIMS,
        value.dims().size());
    long size = byteSize(value, path);
    if (value.isConstant()) {
      FieldPath constant = path.field("constant_buffer_idx");
      require(
          !value.isInput() && !value.isOutput() && value.externalId() == XnnGraph.NO_ID,
          constant,
          "0 in arguments of the call",
          value.constant());
      verifyConstant(value.constant(), size, constant);
    }
    if (value.isConstant() || value.isInput()) {
      written.add(value.id());
    }
    verifyQuantization(value, path.field("quant_params"));
  }

  private long byteSize(XnnValue value, FieldPath path) {
    try {
      return value.byteSize();
    } catch (ArithmeticException e) {
      MalformedFileException malformed =
          malformed(path.field("dims"), "a size that fits 64 bits", value.dims().toString());
      malformed.initCause(e);
      throw malformed;
    }
  }

  private void verifyConstant(int index, long size, FieldPath path) {
    require(
        index < graph.constants().size(),
        path,
        "an index below %s",
        graph.constants().size(),
        index);
    long found =
        switch (graph.constants().get(index)) {
          case XnnConstant.Inside(Blob data) -> data.size();
          case XnnConstant.Named named -> named.size();
          case XnnConstant.Reserved _ -> throw malformed(path, "an index of 1 or more", "" + index);
        };
    if (found < size) {
      throw malformed(
          FieldPath.root().field("constant_data").element(index).field("size"),
          "the " + size + " bytes that " + path + " needs",
          "" + found);
    }
  }

  private void verifyQuantization(XnnValue value, FieldPath path) {
    switch (value.quantization()) {
      case null -> {}
      case PerTensor q ->
          require(
              Float.isFinite(q.scale()) && q.scale() > 0,
              path.field("scale"),
              "a finite scale above 0",
              q.scale());
      case PerToken q ->
          require(
              q.nonbatchDims() <= value.dims().size(),
              path.field("num_nonbatch_dims"),
              "at most the %s dimensions",
              value.dims().size(),
              q.nonbatchDims());
      case PerChannel q -> {
        long channels = channels(value, q.channelDim(), path);
        verifyScales(q.scales(), q.scaleConstant(), q.scaleCount(), channels, Float.BYTES, path);
      }
      case PerChannelGroup q -> {
        long channels = channels(value, q.channelDim(), path);
        long rest = channels == 0 ? 0 : value.elements() / channels;
        require(
            q.groupSize() > 0 && rest % q.groupSize() == 0,
            path.field("group_size"),
            "a divisor of the %s elements of a channel",
            rest,
            q.groupSize());
        long scales = channels * (rest / q.groupSize());
        verifyScales(q.scales(), q.scaleConstant(), q.scaleCount(), scales, Short.BYTES, path);
      }
    }
  }

  private long channels(XnnValue value, int channelDim, FieldPath path) {
    require(
        channelDim < value.dims().size(),
        path.field("channel_dim"),
        "one of %s dimensions",
        value.dims().size(),
        channelDim);
    return value.dims().at(channelDim);
  }

  private void verifyScales(
      Floats scales, int constant, int count, long needed, int size, FieldPath path) {
    if (constant == 0) {
      require(scales.size() >= needed, path.field("scale"), "%s scales", needed, scales.size());
    } else {
      require(count >= needed, path.field("num_scales"), "%s scales", needed, count);
      verifyConstant(constant, (long) count * size, path.field("scale_buffer_idx"));
    }
  }

  private void verifyExternals(FieldPath root) {
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < graph.values().size(); i++) {
      XnnValue value = graph.values().get(i);
      FieldPath path = root.field("xvalues").element(i).field("external_id");
      int id = value.externalId();
      if (id == XnnGraph.NO_ID) {
        require(
            !value.isInput() && !value.isOutput(), path, "the index of an argument", number(id));
        continue;
      }
      require(
          id >= 0 && id < graph.externs(), path, "an index below %s", graph.externs(), number(id));
      require(seen.add(id), path, "arguments that occur once", number(id));
    }
    verifyFlags(graph.inputs(), XnnValue.EXTERNAL_INPUT, root.field("input_ids"));
    verifyFlags(graph.outputs(), XnnValue.EXTERNAL_OUTPUT, root.field("output_ids"));
  }

  private void verifyFlags(Ints ids, int flag, FieldPath path) {
    for (int i = 0; i < ids.size(); i++) {
      XnnValue value = value(ids.at(i), path.element(i));
      require(
          (value.flags() & flag) != 0,
          path.element(i),
          "a value with flag %s",
          flag,
          number(ids.at(i)));
    }
  }

  private void verify(XnnOperation operation, FieldPath path) {
    for (int id : operation.inputs().toIntArray()) {
      value(id, path);
      require(
          written.contains(id),
          path,
          "inputs that are given, constant or written before",
          number(id));
    }
    for (int id : operation.outputs().toIntArray()) {
      value(id, path);
      require(written.add(id), path, "outputs that nothing else writes", number(id));
    }
    switch (operation) {
      case StaticTranspose n -> verifyPermutation(n.permutation(), path);
      case StaticReshape n -> {
        verifyDims(n.shape(), path.field("new_shape"));
        int inferred = 0;
        for (int size : n.shape().toIntArray()) {
          inferred += size == 0 ? 1 : 0;
        }
        require(inferred <= 1, path.field("new_shape"), "at most one 0", n.shape());
      }
      case StaticSlice n -> verifyPair(n.offsets(), n.sizes(), path);
      case StaticConstantPad n -> verifyPair(n.before(), n.after(), path);
      case Unary _, Binary _, FullyConnected _, Convolution _, Pooling _, ArgMaxPooling _ -> {}
      case Concatenate _, StaticResizeBilinear _, LeakyRelu _, Elu _ -> {}
      case ScaledDotProductAttention _ -> {}
    }
  }

  private void verifyPermutation(Ints permutation, FieldPath path) {
    verifyDims(permutation, path.field("perm"));
    int seen = 0;
    for (int dim : permutation.toIntArray()) {
      seen |= dim >= 0 && dim < permutation.size() ? 1 << dim : 0;
    }
    boolean isPermutation = Integer.bitCount(seen) == permutation.size();
    require(
        isPermutation,
        path.field("perm"),
        "each of %s dimensions once",
        permutation.size(),
        permutation);
  }

  private void verifyPair(Ints first, Ints second, FieldPath path) {
    verifyDims(first, path);
    require(
        first.size() == second.size(),
        path,
        "two lists of %s numbers",
        first.size(),
        second.size());
  }

  private void verifyDims(Ints sizes, FieldPath path) {
    require(sizes.size() <= MAX_DIMS, path, "at most %s dimensions", MAX_DIMS, sizes.size());
  }

  private XnnValue value(int id, FieldPath path) {
    XnnValue value = values.get(id);
    if (value == null) {
      throw malformed(path, "the id of a value", String.valueOf(number(id)));
    }
    return value;
  }

  /** Ids are unsigned. */
  private static Object number(int id) {
    return Integer.toUnsignedLong(id);
  }

  private void require(boolean holds, FieldPath path, String expected, Object found) {
    if (!holds) {
      throw malformed(path, expected, String.valueOf(found));
    }
  }

  // Thousands of checks hold for each that does not: only that one makes its message.
  private void require(boolean holds, FieldPath path, String expected, Object limit, Object found) {
    if (!holds) {
      throw malformed(path, expected.formatted(limit), String.valueOf(found));
    }
  }

  /** Reads the blob once more to find the place of the fault: records carry no offsets. */
  private MalformedFileException malformed(FieldPath path, String expected, String found) {
    FieldProbe probe = new FieldProbe(path.toString());
    XnnReader.read(blob, probe);
    return new MalformedFileException(
        blob.file(), probe.offset(), path.toString(), expected, found);
  }
}
