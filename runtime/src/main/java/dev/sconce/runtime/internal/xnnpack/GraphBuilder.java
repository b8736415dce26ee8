package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnDatatype;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnNode;
import dev.sconce.format.xnnpack.XnnQuantization.PerTensor;
import dev.sconce.format.xnnpack.XnnQuantization.PerToken;
import dev.sconce.format.xnnpack.XnnValue;
import dev.sconce.kernels.Kernels;
import dev.sconce.kernels.QuantizedType;
import dev.sconce.runtime.internal.delegate.DelegateSource;
import dev.sconce.runtime.internal.delegate.SharedMemory;
import dev.sconce.runtime.internal.xnnpack.PlannedValue.Role;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the values and nodes of a plan.
 *
 * <p>Nodes ask for operands in the storage they compute with, mostly {@link #floats}: whatever a
 * value is stored as, conversions are inserted before and after the node, so that a family has one
 * form for all types.
 *
 * <pre>
 *   file      quint8 ──────────────▸ Softmax ───────────────▸ quint8
 *   plan      uint8 ──▸ Convert ──▸ Softmax ──▸ Convert ──▸ uint8
 *                       float32                 float32
 * </pre>
 */
final class GraphBuilder {

  private static final int[] NO_DIMS = {};

  private final Kernels kernels;
  private final SharedMemory shared;
  private final GraphFault fault;
  private final Constants constants;
  private final Dequantizer dequantizer;
  private final Map<Integer, XnnValue> declared = new HashMap<>();
  private final List<PlannedValue> values = new ArrayList<>();
  private final List<PlannedNode> nodes = new ArrayList<>();
  private final List<Integer> aliases = new ArrayList<>();
  // Planned values by id of the file's: as stored, as float32, as quantized rows.
  private final Map<Integer, Integer> primary = new HashMap<>();
  private final Map<Integer, Integer> asFloats = new HashMap<>();
  private final Map<Integer, Integer> asRows = new HashMap<>();
  private final Set<Integer> views;
  private final List<Runnable> afterNode = new ArrayList<>();
  private long handle;

  GraphBuilder(XnnGraph graph, DelegateSource source) {
    this.kernels = source.kernels();
    this.shared = source.shared();
    this.fault = new GraphFault(source.blob().file());
    this.constants = new Constants(graph, source, fault);
    this.dequantizer = new Dequantizer(constants, fault);
    this.views = TransposedViews.of(graph);
    for (XnnValue value : graph.values()) {
      declared.put(value.id(), value);
    }
    // All arguments are part of the call, whether nodes use them or not.
    for (XnnValue value : graph.values()) {
      if (value.isInput() || value.isOutput()) {
        primary(value.id());
      }
    }
  }

  Kernels kernels() {
    return kernels;
  }

  SharedMemory shared() {
    return shared;
  }

  GraphFault fault() {
    return fault;
  }

  Constants constants() {
    return constants;
  }

  /** Returns what the file says of a value. */
  XnnValue declared(int id) {
    XnnValue value = declared.get(id);
    if (value == null) {
      throw new IllegalStateException("verified before: value " + id);
    }
    return value;
  }

  /** Begins a node of the file. */
  void begin(XnnNode node) {
    handle = node.debugHandle();
  }

  /** Ends it: its results are brought into the types that the file declares. */
  void end() {
    List<Runnable> conversions = List.copyOf(afterNode);
    afterNode.clear();
    conversions.forEach(Runnable::run);
  }

  /** Adds a node. */
  void add(String name, Ints reads, Ints writes, PlannedNode.Binder binder) {
    nodes.add(new PlannedNode(name, handle, reads, writes, binder));
  }

  /** Returns the value as it is stored. */
  int stored(int id) {
    return primary(id);
  }

  /** Returns the value as float32, to be read. */
  int floats(int id) {
    Integer known = asFloats.get(id);
    if (known != null) {
      return known;
    }
    XnnValue value = declared(id);
    int result;
    if (value.isConstant()) {
      MemorySegment data =
          shared
              .get(
                  FloatConstant.class,
                  constants.key(value),
                  arena -> new FloatConstant(dequantizer.floats(value, arena)))
              .data();
      result =
          newValue("value " + id, Storage.FLOAT32, new Role.Constant(data), dims(value), null, 0);
    } else {
      int from = primary(id);
      if (values.get(from).storage() == Storage.FLOAT32) {
        result = from;
      } else {
        result = internal("value " + id, Storage.FLOAT32);
        ConvertNode.add(this, from, result);
      }
    }
    asFloats.put(id, result);
    return result;
  }

  private record FloatConstant(MemorySegment data) {}

  /** Returns a float32 constant of the given value: a bias, a filter. */
  MemorySegment floatConstant(int id) {
    int index = floats(id);
    if (values.get(index).role() instanceof Role.Constant(MemorySegment data)) {
      return data;
    }
    throw fault.unsupported("value " + id + " that is no constant where XNNPACK packs it");
  }

  /** Returns where to write the value as float32. */
  int floatResult(int id) {
    XnnValue value = declared(id);
    int target = primary(id);
    int result = target;
    if (values.get(target).storage() != Storage.FLOAT32) {
      result = internal("value " + id, Storage.FLOAT32);
    }
    int computed = result;
    XnnDatatype datatype = value.datatype();
    if (datatype == XnnDatatype.FP16 || datatype == XnnDatatype.BF16) {
      afterNode.add(() -> ConvertNode.addRounding(this, computed, datatype));
      asFloats.put(id, computed);
    }
    if (computed != target) {
      afterNode.add(() -> ConvertNode.add(this, computed, target));
    }
    return computed;
  }

  /** Returns the value as quantized rows; a Convert node made them, or in old blobs the input. */
  int rows(int id) {
    Integer known = asRows.get(id);
    if (known != null) {
      return known;
    }
    XnnValue value = declared(id);
    if (value.dynamicDatatype() == null) {
      return primary(id);
    }
    int rows =
        newValue("value " + id, Storage.QUANTIZED_ROWS, new Role.Internal(), NO_DIMS, null, 1);
    ConvertNode.add(this, floats(id), rows);
    asRows.put(id, rows);
    return rows;
  }

  /** Returns whether all that reads a transposed value follows strides. */
  boolean isView(int id) {
    return views.contains(id);
  }

  /** Returns whether a value is quantized row by row at run time. */
  boolean isDynamic(int id) {
    XnnValue value = declared(id);
    return value.dynamicDatatype() != null
        || Storage.inside(value.datatype()) == Storage.QUANTIZED_ROWS;
  }

  /** Returns whether a value is bytes with one scale and zero point, and no constant. */
  boolean isQuantized(int id) {
    Storage storage = Storage.inside(declared(id).datatype());
    return storage == Storage.INT8 || storage == Storage.UINT8;
  }

  /** Returns a new value between nodes. */
  int internal(String name, Storage storage) {
    return newValue(name, storage, new Role.Internal(), NO_DIMS, null, 0);
  }

  PlannedValue value(int index) {
    return values.get(index);
  }

  /**
   * Lets a result lie in the memory of what it is made from, if both are of the same storage and
   * the result is no output of the call.
   *
   * @return whether it does
   */
  boolean alias(int result, int of) {
    PlannedValue a = values.get(result);
    PlannedValue b = values.get(of);
    if (a.storage() != b.storage() || !(a.role() instanceof Role.Internal)) {
      return false;
    }
    aliases.set(result, aliases.get(of));
    return true;
  }

  private int primary(int id) {
    Integer known = primary.get(id);
    if (known != null) {
      return known;
    }
    XnnValue value = declared(id);
    boolean external = value.isInput() || value.isOutput();
    Storage storage =
        external ? Storage.outside(value.datatype()) : Storage.inside(value.datatype());
    Role role;
    if (value.isInput()) {
      role = new Role.Input(value.externalId());
    } else if (value.isOutput()) {
      role = new Role.Output(value.externalId());
    } else if (value.isConstant()) {
      storage = Storage.outside(value.datatype());
      role = new Role.Constant(constants.bytes(value));
    } else {
      role = new Role.Internal();
    }
    QuantizedType type = quantizedType(value, storage);
    int rowDims = 0;
    if (storage == Storage.QUANTIZED_ROWS) {
      fault.require(!external, value, "", "no dynamically quantized arguments", value.datatype());
      rowDims = value.quantization() instanceof PerToken q ? q.nonbatchDims() : 1;
    }
    if (value.dynamicDatatype() != null && value.dynamicDatatype() != XnnDatatype.QINT8) {
      throw fault.unsupported("dq_datatype " + value.dynamicDatatype() + " of value " + id);
    }
    int index = newValue("value " + id, storage, role, dims(value), type, rowDims);
    primary.put(id, index);
    return index;
  }

  private @Nullable QuantizedType quantizedType(XnnValue value, Storage storage) {
    if (!(storage == Storage.INT8 || storage == Storage.UINT8)
        || !(value.quantization() instanceof PerTensor q)) {
      return null;
    }
    constants.requireScale(q.scale(), value);
    boolean signed = storage == Storage.INT8;
    int min = signed ? -128 : 0;
    fault.require(
        q.zeroPoint() >= min && q.zeroPoint() <= min + 255,
        value,
        ".quant_params.zero_point",
        "a value of %s",
        value.datatype(),
        q.zeroPoint());
    return new QuantizedType(signed, q.scale(), q.zeroPoint());
  }

  private static int[] dims(XnnValue value) {
    return value.dims().toIntArray();
  }

  private int newValue(
      String name,
      Storage storage,
      Role role,
      int[] dims,
      @Nullable QuantizedType type,
      int rowDims) {
    int index = values.size();
    values.add(new PlannedValue(index, name, storage, role, dims, type, rowDims));
    aliases.add(index);
    return index;
  }

  /** Returns the plan. */
  GraphPlan build() {
    int[] aliasOf = new int[aliases.size()];
    for (int i = 0; i < aliasOf.length; i++) {
      aliasOf[i] = aliases.get(i);
    }
    return new GraphPlan(values, nodes, Ints.of(aliasOf), kernels);
  }
}
