package dev.sconce.runtime.internal.plan;

import dev.sconce.base.DType;
import dev.sconce.base.MalformedFileException;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.Allocation;
import dev.sconce.format.pte.PteValue.TensorValue;
import dev.sconce.runtime.internal.memory.MethodMemory;
import dev.sconce.runtime.internal.slot.BoolListSlot;
import dev.sconce.runtime.internal.slot.DoubleListSlot;
import dev.sconce.runtime.internal.slot.IntListSlot;
import dev.sconce.runtime.internal.slot.NoneSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.Slot;
import dev.sconce.runtime.internal.slot.StringSlot;
import dev.sconce.runtime.internal.slot.TensorListSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import dev.sconce.runtime.internal.slot.TensorSlot.Dynamism;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the slots of one method: every value of its plan, seated where the plan says. */
final class SlotFactory {

  private static final long ALIGNMENT = 64;

  private final ProgramContents program;
  private final int planIndex;
  private final ExecutionPlan plan;
  private final PlannedArenas arenas;
  private final @Nullable Slot[] slots;

  SlotFactory(ProgramContents program, int planIndex, PlannedArenas arenas) {
    this.program = program;
    this.planIndex = planIndex;
    this.plan = program.file().program().plans().get(planIndex);
    this.arenas = arenas;
    this.slots = new Slot[plan.values().size()];
  }

  /**
   * Makes all slots. Memory for unplanned tensors that are no inputs comes from the given owner.
   */
  List<Slot> make(MethodMemory memory) {
    List<PteValue> values = plan.values();
    // Lists refer to values that may stand behind them.
    for (int i = 0; i < slots.length; i++) {
      slots[i] = makeSingle(i, values.get(i));
    }
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] == null) {
        slots[i] = makeList(i, values.get(i));
      }
    }
    seatUnplanned(memory);
    List<Slot> made = new ArrayList<>(slots.length);
    for (Slot slot : slots) {
      made.add(Objects.requireNonNull(slot));
    }
    return made;
  }

  private @Nullable Slot makeSingle(int index, PteValue value) {
    return switch (value) {
      case PteValue.NullValue() -> NoneSlot.INSTANCE;
      case PteValue.IntValue(long number) -> ScalarSlot.of(number);
      case PteValue.DoubleValue(double number) -> ScalarSlot.of(number);
      case PteValue.BoolValue(boolean bool) -> ScalarSlot.of(bool);
      case PteValue.StringValue(String string) -> new StringSlot(string);
      case PteValue.DoubleListValue(List<Double> items) ->
          new DoubleListSlot(items.stream().mapToDouble(d -> d).toArray());
      case PteValue.BoolListValue(List<Boolean> items) -> {
        boolean[] bools = new boolean[items.size()];
        for (int i = 0; i < bools.length; i++) {
          bools[i] = items.get(i);
        }
        yield new BoolListSlot(bools);
      }
      case TensorValue tensor -> makeTensor(index, tensor);
      case PteValue.IntListValue _,
          PteValue.TensorListValue _,
          PteValue.OptionalTensorListValue _ ->
          null;
    };
  }

  private Slot makeList(int index, PteValue value) {
    return switch (value) {
      case PteValue.IntListValue list -> {
        ScalarSlot[] items = new ScalarSlot[list.items().size()];
        for (int i = 0; i < items.length; i++) {
          long item = list.items().at(i);
          if (item < 0
              || item >= slots.length
              || !(slots[(int) item] instanceof ScalarSlot scalar)) {
            throw malformed(index, "items[" + i + "]", "the index of an int", "" + item);
          }
          items[i] = scalar;
        }
        yield new IntListSlot(items);
      }
      case PteValue.TensorListValue list -> tensorList(index, list.items(), false);
      case PteValue.OptionalTensorListValue list -> tensorList(index, list.items(), true);
      default -> throw new IllegalStateException("not a list: " + value);
    };
  }

  private TensorListSlot tensorList(int index, Ints indices, boolean optional) {
    @Nullable TensorSlot[] items = new TensorSlot[indices.size()];
    for (int i = 0; i < items.length; i++) {
      int item = indices.at(i);
      if (item == -1 && optional) {
        continue;
      }
      if (item < 0 || item >= slots.length) {
        throw malformed(index, "items[" + i + "]", "the index of a tensor", "" + item);
      }
      if (slots[item] instanceof TensorSlot tensor) {
        items[i] = tensor;
      } else if (!(optional && slots[item] == NoneSlot.INSTANCE)) {
        throw malformed(index, "items[" + i + "]", "the index of a tensor", "" + item);
      }
    }
    return new TensorListSlot(optional, items);
  }

  private TensorSlot makeTensor(int index, TensorValue value) {
    TensorSlot slot =
        new TensorSlot(
            value.dtype(),
            value.sizes().toIntArray(),
            value.dimOrder().toIntArray(),
            switch (value.dynamism()) {
              case STATIC -> Dynamism.STATIC;
              case DYNAMIC_BOUND -> Dynamism.BOUNDED;
              case DYNAMIC_UNBOUND ->
                  throw malformed(
                      index, "shape_dynamism", "STATIC or DYNAMIC_BOUND", "DYNAMIC_UNBOUND");
            });
    long bytes = value.byteSize();
    switch (value.dataSource()) {
      case CALLER -> {}
      case CONSTANT ->
          slot.seat(aligned(value, program.file().constant(value.dataBufferIndex(), bytes)));
      case EXTERNAL -> slot.seat(aligned(value, external(index, value)));
      case PLANNED -> slot.seat(planned(index, value, bytes));
      case PLANNED_WITH_INITIAL_VALUE -> {
        MemorySegment place = planned(index, value, bytes);
        place.copyFrom(program.file().initialValue(value.dataBufferIndex(), bytes));
        slot.seat(place);
      }
      case PLANNED_FROM_EXTERNAL -> {
        MemorySegment place = planned(index, value, bytes);
        place.copyFrom(external(index, value));
        slot.seat(place);
      }
    }
    return slot;
  }

  private MemorySegment planned(int index, TensorValue value, long bytes) {
    Allocation allocation = Objects.requireNonNull(value.allocation());
    int id = allocation.memoryId();
    long size = id > 0 && id < arenas.count() ? arenas.arena(id).byteSize() : -1;
    if (allocation.offset() < 0 || bytes > size - allocation.offset()) {
      throw malformed(
          index,
          "allocation_info",
          bytes + " bytes inside a planned buffer",
          "memory id %d of %d bytes, offset %d"
              .formatted(id, Math.max(size, 0), allocation.offset()));
    }
    if (allocation.offset() % elementSize(value.dtype()) != 0) {
      throw malformed(
          index,
          "allocation_info.memory_offset",
          "a multiple of the element size",
          allocation.offset() + " for " + value.dtype());
    }
    return arenas.arena(id).asSlice(allocation.offset(), bytes);
  }

  private MemorySegment external(int index, TensorValue value) {
    String name = value.extra() == null ? null : value.extra().fullyQualifiedName();
    if (name == null) {
      throw malformed(index, "extra_tensor_info.fully_qualified_name", "a name", "none");
    }
    return program.data().tensor(program.name(), name, value);
  }

  // Kernels read elements at their natural alignment, which old or odd files may not keep.
  private MemorySegment aligned(TensorValue value, MemorySegment data) {
    if (data.isNative() && data.address() % elementSize(value.dtype()) == 0) {
      return data;
    }
    return program
        .memory()
        .get(
            MemorySegment.class,
            value,
            arena -> arena.allocate(data.byteSize(), ALIGNMENT).copyFrom(data).asReadOnly());
  }

  private static int elementSize(DType dtype) {
    return dtype.bits() < Byte.SIZE ? 1 : dtype.size();
  }

  // Inputs get their memory from the caller, call by call.
  private void seatUnplanned(MethodMemory memory) {
    List<TensorSlot> unseated = new ArrayList<>();
    long total = 0;
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] instanceof TensorSlot tensor
          && !tensor.isSeated()
          && !plan.inputs().contains(i)) {
        unseated.add(tensor);
        total = Math.addExact(total, padded(tensor));
      }
    }
    if (unseated.isEmpty()) {
      return;
    }
    MemorySegment region = memory.allocate(Math.max(total, 1));
    long offset = 0;
    for (TensorSlot tensor : unseated) {
      tensor.seat(region.asSlice(offset, tensor.dtype().byteSize(tensor.capacity())));
      offset += padded(tensor);
    }
  }

  private static long padded(TensorSlot tensor) {
    long bytes = tensor.dtype().byteSize(tensor.capacity());
    return Math.multiplyExact(Math.ceilDiv(bytes, ALIGNMENT), ALIGNMENT);
  }

  private MalformedFileException malformed(int index, String field, String expected, String found) {
    return new MalformedFileException(
        program.name(),
        -1,
        "execution_plan[%d].values[%d].%s".formatted(planIndex, index, field),
        expected,
        found);
  }
}
