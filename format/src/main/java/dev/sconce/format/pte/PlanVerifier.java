package dev.sconce.format.pte;

import dev.sconce.base.DType;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.FieldPath;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.Instruction.DelegateCall;
import dev.sconce.format.pte.Instruction.FreeCall;
import dev.sconce.format.pte.Instruction.JumpFalseCall;
import dev.sconce.format.pte.Instruction.KernelCall;
import dev.sconce.format.pte.Instruction.MoveCall;
import dev.sconce.format.pte.PteValue.BoolListValue;
import dev.sconce.format.pte.PteValue.BoolValue;
import dev.sconce.format.pte.PteValue.DoubleListValue;
import dev.sconce.format.pte.PteValue.DoubleValue;
import dev.sconce.format.pte.PteValue.IntListValue;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.NullValue;
import dev.sconce.format.pte.PteValue.OptionalTensorListValue;
import dev.sconce.format.pte.PteValue.StringValue;
import dev.sconce.format.pte.PteValue.TensorListValue;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.util.BitSet;
import java.util.List;

/** Checks one method of a program for {@link PteVerifier}. */
final class PlanVerifier {

  private final PteVerifier program;
  private final PteFile file;
  private final ExecutionPlan plan;
  private final FieldPath path;
  private final PteLimits limits;

  /** Values that a MoveCall replaces, and whose kind the file therefore does not tell. */
  private final BitSet moved = new BitSet();

  /** Bytes that the method asks for so far. */
  private long declared;

  PlanVerifier(
      PteVerifier program, PteFile file, ExecutionPlan plan, FieldPath path, PteLimits limits) {
    this.program = program;
    this.file = file;
    this.plan = plan;
    this.path = path;
    this.limits = limits;
  }

  void verify() {
    plannedBuffers();
    FieldPath values = path.field("values");
    for (int i = 0; i < plan.values().size(); i++) {
      value(plan.values().get(i), values.element(i).field("val"));
    }
    valueIndices(plan.inputs(), path.field("inputs"));
    valueIndices(plan.outputs(), path.field("outputs"));
    chains();
  }

  private void plannedBuffers() {
    FieldPath sizes = path.field("non_const_buffer_sizes");
    for (int i = 0; i < plan.plannedBufferSizes().size(); i++) {
      long size = plan.plannedBufferSizes().at(i);
      if (size < 0) {
        throw fail(sizes.element(i), "a size", "" + size);
      }
      declare(size, sizes.element(i));
    }
    FieldPath devices = path.field("non_const_buffer_device");
    for (int i = 0; i < plan.plannedBufferDevices().size(); i++) {
      program.index(
          plan.plannedBufferDevices().get(i).bufferIndex(),
          plan.plannedBufferSizes().size(),
          "planned buffers",
          devices.element(i).field("buffer_idx"));
    }
  }

  private void declare(long size, FieldPath at) {
    if (size > limits.maxMethodBytes() - declared) {
      throw fail(
          at,
          "at most " + limits.maxMethodBytes() + " bytes of memory for a method",
          size + " after " + declared);
    }
    declared += size;
  }

  private void value(PteValue value, FieldPath at) {
    switch (value) {
      case NullValue(),
          IntValue(_),
          BoolValue(_),
          DoubleValue(_),
          StringValue(_),
          DoubleListValue(_),
          BoolListValue(_) -> {} // nothing to refer to
      case TensorValue tensor -> tensor(tensor, at);
      case IntListValue list -> intList(list, at.field("items"));
      case TensorListValue list -> tensorList(list.items(), at.field("items"), false);
      case OptionalTensorListValue list -> tensorList(list.items(), at.field("items"), true);
    }
  }

  private void intList(IntListValue list, FieldPath items) {
    for (int i = 0; i < list.items().size(); i++) {
      long item = list.items().at(i);
      program.index(item, plan.values().size(), "values", items.element(i));
      PteValue boxed = plan.values().get((int) item);
      if (!(boxed instanceof IntValue)) {
        throw fail(items.element(i), "the index of an Int", item + ", a " + kind(boxed));
      }
    }
  }

  private void tensorList(Ints list, FieldPath items, boolean optional) {
    for (int i = 0; i < list.size(); i++) {
      int item = list.at(i);
      if (optional && item == -1) {
        continue;
      }
      program.index(item, plan.values().size(), "values", items.element(i));
      PteValue referred = plan.values().get(item);
      if (!(referred instanceof TensorValue || (optional && referred instanceof NullValue))) {
        throw fail(items.element(i), "the index of a Tensor", item + ", a " + kind(referred));
      }
    }
  }

  private void tensor(TensorValue tensor, FieldPath at) {
    if (tensor.storageOffset() != 0) {
      throw fail(at.field("storage_offset"), "0", "" + tensor.storageOffset());
    }
    if (tensor.layout() != 0) {
      throw fail(at.field("layout"), "0, strided", "" + tensor.layout());
    }
    shape(tensor, at);
    long size = byteSize(tensor, at.field("sizes"));
    PteValue.Allocation allocation = tensor.allocation();
    if (allocation != null) {
      allocation(allocation, size, at.field("allocation_info"));
    }
    switch (tensor.dataSource()) {
      case CALLER -> declare(size, at.field("sizes"));
      case PLANNED -> {}
      case CONSTANT -> data(() -> file.constant(tensor.dataBufferIndex(), size), at);
      case PLANNED_WITH_INITIAL_VALUE ->
          data(() -> file.initialValue(tensor.dataBufferIndex(), size), at);
      case EXTERNAL, PLANNED_FROM_EXTERNAL -> {
        PteValue.ExtraTensorInfo extra = tensor.extra();
        String name = extra == null ? null : extra.fullyQualifiedName();
        if (name == null || name.isEmpty()) {
          throw fail(
              at.field("extra_tensor_info").field("fully_qualified_name"),
              "the name of the external data",
              "none");
        }
      }
    }
  }

  private void shape(TensorValue tensor, FieldPath at) {
    int rank = tensor.sizes().size();
    for (int i = 0; i < rank; i++) {
      if (tensor.sizes().at(i) < 0) {
        throw fail(at.field("sizes").element(i), "a size", "" + tensor.sizes().at(i));
      }
    }
    FieldPath order = at.field("dim_order");
    if (tensor.dimOrder().size() != rank) {
      throw fail(order, rank + " dimensions, as sizes has", "" + tensor.dimOrder().size());
    }
    BitSet seen = new BitSet(rank);
    for (int i = 0; i < rank; i++) {
      int dim = tensor.dimOrder().at(i);
      if (dim >= rank || seen.get(dim)) {
        throw fail(
            order.element(i),
            "a permutation of the " + rank + " dimensions",
            tensor.dimOrder() + "");
      }
      seen.set(dim);
    }
  }

  private long byteSize(TensorValue tensor, FieldPath sizes) {
    try {
      return tensor.byteSize();
    } catch (ArithmeticException e) {
      MalformedFileException malformed =
          fail(sizes, "a tensor of less than 2^63 bytes", tensor.sizes() + " of " + tensor.dtype());
      malformed.initCause(e);
      throw malformed;
    }
  }

  private void allocation(PteValue.Allocation allocation, long size, FieldPath at) {
    int buffers = plan.plannedBufferSizes().size();
    int id = allocation.memoryId();
    if (id < 1 || id >= buffers) {
      throw fail(at.field("memory_id"), "a planned buffer, from 1 to " + (buffers - 1), "" + id);
    }
    long capacity = plan.plannedBufferSizes().at(id);
    if (size > capacity || allocation.offset() > capacity - size) {
      throw fail(
          at.field("memory_offset_low"),
          "a tensor inside planned buffer " + id + " of " + capacity + " bytes",
          size + " bytes at " + allocation.offset());
    }
  }

  /** Looks up a tensor's data, to report a failure at the tensor. */
  private void data(Runnable lookup, FieldPath at) {
    try {
      lookup.run();
    } catch (MalformedFileException e) {
      MalformedFileException malformed =
          fail(
              at.field("data_buffer_idx"),
              "data: " + e.expected() + " (" + e.path() + ")",
              e.found());
      malformed.initCause(e);
      throw malformed;
    }
  }

  private void valueIndices(Ints indices, FieldPath at) {
    for (int i = 0; i < indices.size(); i++) {
      program.index(indices.at(i), plan.values().size(), "values", at.element(i));
    }
  }

  private void chains() {
    FieldPath chains = path.field("chains");
    if (plan.chains().isEmpty()) {
      throw fail(chains, "a chain of instructions", "none");
    }
    for (Chain chain : plan.chains()) {
      for (Instruction instruction : chain.instructions()) {
        if (instruction instanceof MoveCall move && move.to() >= 0) {
          moved.set(move.to());
        }
      }
    }
    for (int i = 0; i < plan.chains().size(); i++) {
      List<Instruction> instructions = plan.chains().get(i).instructions();
      FieldPath at = chains.element(i).field("instructions");
      for (int k = 0; k < instructions.size(); k++) {
        instruction(instructions.get(k), instructions.size(), at.element(k).field("instr_args"));
      }
    }
  }

  private void instruction(Instruction instruction, int count, FieldPath at) {
    int values = plan.values().size();
    switch (instruction) {
      case KernelCall(int operator, Ints args) -> {
        program.index(operator, plan.operators().size(), "operators", at.field("op_index"));
        valueIndices(args, at.field("args"));
      }
      case DelegateCall(int delegate, Ints args) -> {
        program.index(delegate, plan.delegates().size(), "delegates", at.field("delegate_index"));
        valueIndices(args, at.field("args"));
      }
      case MoveCall(int from, int to) -> {
        program.index(from, values, "values", at.field("move_from"));
        program.index(to, values, "values", at.field("move_to"));
      }
      case JumpFalseCall(int condition, int destination) -> {
        program.index(condition, values, "values", at.field("cond_value_index"));
        condition(condition, at.field("cond_value_index"));
        if (destination < 0 || destination > count) {
          throw fail(
              at.field("destination_instruction"),
              "one of the " + count + " instructions, or their end",
              "" + destination);
        }
      }
      case FreeCall(int value) -> {
        program.index(value, values, "values", at.field("value_index"));
        PteValue freed = plan.values().get(value);
        if (!(freed instanceof TensorValue)) {
          throw fail(at.field("value_index"), "a Tensor", value + ", a " + kind(freed));
        }
      }
    }
  }

  /**
   * Checks that a value can become a condition. Instructions may store a Bool in a value that the
   * file declares as another scalar (exporters declare results of comparisons as Int).
   */
  private void condition(int index, FieldPath at) {
    PteValue condition = plan.values().get(index);
    boolean possible =
        switch (condition) {
          case BoolValue(_), IntValue(_), DoubleValue(_), NullValue() -> true;
          case TensorValue tensor -> tensor.dtype() == DType.BOOL;
          case StringValue(_),
              IntListValue(_),
              DoubleListValue(_),
              BoolListValue(_),
              TensorListValue(_),
              OptionalTensorListValue(_) ->
              false;
        };
    if (!possible && !moved.get(index)) {
      throw fail(at, "a scalar or a Tensor of bools", index + ", a " + kind(condition));
    }
  }

  private static String kind(PteValue value) {
    return value.getClass().getSimpleName();
  }

  private MalformedFileException fail(FieldPath at, String expected, String found) {
    return program.fail(at, expected, found);
  }
}
