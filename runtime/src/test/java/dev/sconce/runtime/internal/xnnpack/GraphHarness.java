package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.base.DType;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Blob;
import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnBlob;
import dev.sconce.format.xnnpack.XnnConstant;
import dev.sconce.format.xnnpack.XnnDatatype;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnNode;
import dev.sconce.format.xnnpack.XnnOperation;
import dev.sconce.format.xnnpack.XnnQuantization;
import dev.sconce.format.xnnpack.XnnValue;
import dev.sconce.kernels.Kernels;
import dev.sconce.runtime.InstructionInfo;
import dev.sconce.runtime.internal.delegate.DelegateCall;
import dev.sconce.runtime.internal.delegate.DelegateSource;
import dev.sconce.runtime.internal.delegate.PreparedDelegate;
import dev.sconce.runtime.internal.execution.CallSite;
import dev.sconce.runtime.internal.execution.ExecutionContext;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.memory.MethodMemory;
import dev.sconce.runtime.internal.plan.ProgramMemory;
import dev.sconce.runtime.internal.slot.Slot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import dev.sconce.runtime.internal.slot.TensorSlot.Dynamism;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A graph in the making, and what is needed to run it without a program around. */
final class GraphHarness implements AutoCloseable {

  private final List<XnnValue> values = new ArrayList<>();
  private final List<XnnNode> nodes = new ArrayList<>();
  private final List<XnnConstant> constants = new ArrayList<>(List.of(new XnnConstant.Reserved()));
  private final List<Integer> inputs = new ArrayList<>();
  private final List<Integer> outputs = new ArrayList<>();
  private final List<Slot> slots = new ArrayList<>();
  private final Map<String, MemorySegment> named = new HashMap<>();
  private final ProgramMemory shared = new ProgramMemory("test", MemorySegment.NULL);
  private final MethodMemory memory = new MethodMemory("test");

  int input(
      XnnDatatype datatype, DType dtype, @Nullable XnnQuantization quantization, int... dims) {
    inputs.add(values.size());
    return argument(datatype, dtype, null, quantization, XnnValue.EXTERNAL_INPUT, dims);
  }

  int legacyInput(int... dims) {
    inputs.add(values.size());
    return argument(
        XnnDatatype.FP32, DType.FLOAT32, XnnDatatype.QINT8, null, XnnValue.EXTERNAL_INPUT, dims);
  }

  int output(
      XnnDatatype datatype, DType dtype, @Nullable XnnQuantization quantization, int... dims) {
    outputs.add(values.size());
    return argument(datatype, dtype, null, quantization, XnnValue.EXTERNAL_OUTPUT, dims);
  }

  private int argument(
      XnnDatatype datatype,
      DType dtype,
      @Nullable XnnDatatype dynamic,
      @Nullable XnnQuantization quantization,
      int flags,
      int... dims) {
    int[] order = new int[dims.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    TensorSlot slot = new TensorSlot(dtype, dims, order, Dynamism.BOUNDED);
    slot.seat(memory.allocate(Math.max(slot.nbytes(), 1)));
    int id = values.size();
    values.add(
        new XnnValue(id, datatype, Ints.of(dims), 0, slots.size(), flags, dynamic, quantization));
    slots.add(slot);
    return id;
  }

  int internal(XnnDatatype datatype, @Nullable XnnQuantization quantization, int... dims) {
    return value(datatype, 0, quantization, dims);
  }

  int constant(
      XnnDatatype datatype, @Nullable XnnQuantization quantization, byte[] bytes, int... dims) {
    constants.add(new XnnConstant.Inside(Blob.of(bytes)));
    return value(datatype, constants.size() - 1, quantization, dims);
  }

  int namedConstant(XnnDatatype datatype, String key, long size, int... dims) {
    constants.add(new XnnConstant.Named(key, size));
    return value(datatype, constants.size() - 1, null, dims);
  }

  void name(String key, byte[] bytes) {
    named.put(key, MemorySegment.ofArray(bytes));
  }

  private int value(
      XnnDatatype datatype, int constant, @Nullable XnnQuantization quantization, int... dims) {
    int id = values.size();
    values.add(
        new XnnValue(id, datatype, Ints.of(dims), constant, XnnGraph.NO_ID, 0, null, quantization));
    return id;
  }

  void node(XnnOperation operation) {
    nodes.add(new XnnNode(operation, nodes.size(), null));
  }

  TensorSlot slot(int value) {
    return (TensorSlot) slots.get(values.get(value).externalId());
  }

  PreparedDelegate prepare() {
    MemorySegment blob =
        XnnBlob.write(
            XnnGraph.of(nodes, values, slots.size(), ints(inputs), ints(outputs), constants));
    return new XnnpackDelegate()
        .prepare(
            new DelegateSource(
                MemoryReader.of("test.pte", blob),
                Map.of(),
                key -> Optional.ofNullable(named.get(key)),
                shared,
                Kernels.shared()));
  }

  Step bind() {
    CallSite site = new CallSite("test.pte", 0, new InstructionInfo("forward", 0, 0, "Xnnpack"));
    return prepare().bind(new DelegateCall(site, slots, memory, memory.workspace()));
  }

  void run() {
    run(bind());
  }

  static void run(Step step) {
    step.run(new ExecutionContext(null));
  }

  void set(int value, float... elements) {
    for (int i = 0; i < elements.length; i++) {
      slot(value).data().setAtIndex(Constants.FLOAT, i, elements[i]);
    }
  }

  void set(int value, byte... elements) {
    slot(value).data().copyFrom(MemorySegment.ofArray(elements));
  }

  float[] floats(int value) {
    return slot(value).data().asSlice(0, slot(value).nbytes()).toArray(Constants.FLOAT);
  }

  private static Ints ints(List<Integer> ids) {
    return Ints.of(ids.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  public void close() {
    memory.close();
    shared.close();
  }
}
