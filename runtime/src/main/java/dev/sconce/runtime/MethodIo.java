package dev.sconce.runtime;

import dev.sconce.base.InvalidInputException;
import dev.sconce.format.pte.PteValue.DataSource;
import dev.sconce.format.pte.PteValue.TensorValue;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.plan.BoundMethod;
import dev.sconce.runtime.internal.slot.BoolListSlot;
import dev.sconce.runtime.internal.slot.DoubleListSlot;
import dev.sconce.runtime.internal.slot.IntListSlot;
import dev.sconce.runtime.internal.slot.NoneSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.Slot;
import dev.sconce.runtime.internal.slot.StringSlot;
import dev.sconce.runtime.internal.slot.TensorListSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Moves values between callers and the slots of a method. */
final class MethodIo {

  // Stands for "any thread": workers read what callers give.
  private static final Thread SOMEBODY_ELSE = Thread.ofPlatform().unstarted(() -> {});

  private final BoundMethod bound;
  private final boolean[] set;
  private final MemorySegment[] staging;

  MethodIo(BoundMethod bound) {
    this.bound = bound;
    this.set = new boolean[bound.inputs().size()];
    this.staging = new MemorySegment[bound.inputs().size()];
    Arrays.fill(staging, MemorySegment.NULL);
  }

  void setInputs(EValue... values) {
    if (values.length != set.length) {
      throw new InvalidInputException(
          where(), "inputs", set.length + " values", values.length + " values");
    }
    for (int i = 0; i < values.length; i++) {
      checkInput(i, values[i]);
    }
    for (int i = 0; i < values.length; i++) {
      setInput(i, values[i]);
    }
  }

  void requireInputs() {
    for (int i = 0; i < set.length; i++) {
      if (!set[i]) {
        throw wrong("input " + i, "a value", "none: it was never set");
      }
    }
  }

  void checkInput(int index, EValue value) {
    if (index < 0 || index >= set.length) {
      throw wrong("input " + index, "one of " + set.length + " inputs", "no such input");
    }
    String argument = "input " + index;
    switch (bound.inputs().get(index)) {
      case TensorSlot slot -> {
        if (!(value instanceof EValue.OfTensor(Tensor tensor))) {
          throw wrong(argument, describe(slot), value.describe());
        }
        checkTensor(argument, slot, tensor);
        DataSource source = source(bound.plan().inputs().at(index));
        if (source == DataSource.CONSTANT || source == DataSource.EXTERNAL) {
          throw wrong(argument, "nothing: the program made this input a constant", "a tensor");
        }
      }
      case ScalarSlot slot -> {
        if (!equalsExported(slot, value)) {
          throw wrong(
              argument,
              slot.describe() + " of the exported value " + slot,
              value.isTensor() ? "a tensor" : value.toString());
        }
      }
      case StringSlot(String string) -> {
        if (!value.equals(EValue.from(string))) {
          throw wrong(argument, "the exported string \"" + string + "\"", value.toString());
        }
      }
      case NoneSlot _ -> {
        if (!value.isNone()) {
          throw wrong(argument, "none", value.describe());
        }
      }
      case Slot slot -> throw wrong(argument, slot.describe() + " (not settable)", "a value");
    }
  }

  private void checkTensor(String argument, TensorSlot slot, Tensor tensor) {
    boolean fits = tensor.dtype() == slot.dtype() && tensor.rank() == slot.rank();
    if (fits && slot.dynamism() == TensorSlot.Dynamism.STATIC) {
      for (int i = 0; i < slot.rank(); i++) {
        fits &= tensor.size(i) == slot.bounds()[i];
      }
    }
    if (!fits || tensor.numel() > slot.capacity()) {
      throw wrong(argument, describe(slot), tensor.dtype() + Arrays.toString(tensor.shape()));
    }
    tensor.memory();
  }

  // As the official runtime compares doubles: within 1e-4 + 1e-5 relative; NaN equals NaN.
  private static boolean equalsExported(ScalarSlot slot, EValue value) {
    return switch (slot.kind()) {
      case INT -> value.equals(EValue.from(slot.longValue()));
      case BOOL -> value.equals(EValue.from(slot.boolValue()));
      case DOUBLE -> {
        double exported = slot.doubleValue();
        yield value instanceof EValue.OfDouble(double given)
            && (Double.compare(given, exported) == 0
                || Math.abs(given - exported) <= 1e-4 + 1e-5 * Math.abs(exported));
      }
    };
  }

  void setInput(int index, EValue value) {
    if (bound.inputs().get(index) instanceof TensorSlot slot) {
      Tensor tensor = value.toTensor();
      int[] sizes = new int[tensor.rank()];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = (int) tensor.size(i);
      }
      boolean planned = source(bound.plan().inputs().at(index)) != DataSource.CALLER;
      boolean inPlace =
          !planned
              && Arrays.equals(tensor.dimOrder(), slot.dimOrder())
              && isUsable(tensor.memory(), slot);
      if (inPlace) {
        slot.seat(tensor.memory());
      } else if (!planned) {
        slot.seat(staging(index, slot));
      }
      try {
        slot.resize(sizes);
      } catch (OperatorFailure e) {
        throw wrong("input " + index, describe(slot), String.valueOf(e.getMessage()));
      }
      if (!inPlace) {
        tensor.copyTo(slot.data(), slot.dimOrder());
      }
    }
    set[index] = true;
  }

  // Memory for an unplanned input that cannot be used where it is.
  private MemorySegment staging(int index, TensorSlot slot) {
    if (staging[index].equals(MemorySegment.NULL)) {
      staging[index] = bound.memory().allocate(Math.max(1, slot.dtype().byteSize(slot.capacity())));
    }
    return staging[index];
  }

  private static boolean isUsable(MemorySegment memory, TensorSlot slot) {
    return memory.isNative()
        && memory.isAccessibleBy(SOMEBODY_ELSE)
        && memory.address() % Math.max(1, slot.dtype().bits() / Byte.SIZE) == 0;
  }

  void setOutput(int index, Tensor tensor) {
    requireOutput(index);
    String argument = "output " + index;
    if (!(bound.outputs().get(index) instanceof TensorSlot slot)) {
      throw wrong(argument, "a tensor output", bound.outputs().get(index).describe());
    }
    if (source(bound.plan().outputs().at(index)) != DataSource.CALLER) {
      throw wrong(argument, "an output whose memory is not planned", "a planned one");
    }
    MemorySegment memory = tensor.memory();
    long bytes = slot.dtype().byteSize(slot.capacity());
    if (tensor.dtype() != slot.dtype() || memory.byteSize() < bytes) {
      throw wrong(
          argument,
          bytes + " bytes of " + slot.dtype(),
          memory.byteSize() + " bytes of " + tensor.dtype());
    }
    if (!isUsable(memory, slot) || memory.isReadOnly()) {
      throw wrong(
          argument,
          "writable, aligned memory outside the Java heap that any thread may access",
          "other memory");
    }
    slot.seat(memory);
  }

  EValue output(int index) {
    requireOutput(index);
    return value(bound.outputs().get(index));
  }

  EValue[] outputs() {
    EValue[] values = new EValue[bound.outputs().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(bound.outputs().get(i));
    }
    return values;
  }

  private static EValue value(Slot slot) {
    return switch (slot) {
      case TensorSlot tensor -> EValue.from(view(tensor));
      case ScalarSlot scalar ->
          switch (scalar.kind()) {
            case INT -> EValue.from(scalar.longValue());
            case DOUBLE -> EValue.from(scalar.doubleValue());
            case BOOL -> EValue.from(scalar.boolValue());
          };
      case StringSlot(String string) -> EValue.from(string);
      case NoneSlot _ -> EValue.none();
      case IntListSlot list -> {
        List<EValue> items = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
          items.add(EValue.from(list.get(i)));
        }
        yield new EValue.OfList(items);
      }
      case DoubleListSlot list -> {
        List<EValue> items = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
          items.add(EValue.from(list.get(i)));
        }
        yield new EValue.OfList(items);
      }
      case BoolListSlot list -> {
        List<EValue> items = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
          items.add(EValue.from(list.get(i)));
        }
        yield new EValue.OfList(items);
      }
      case TensorListSlot list -> {
        List<EValue> items = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
          TensorSlot item = list.getOptional(i);
          items.add(item == null ? EValue.none() : EValue.from(view(item)));
        }
        yield new EValue.OfList(items);
      }
    };
  }

  static EValue copy(EValue value) {
    return switch (value) {
      case EValue.OfTensor(Tensor tensor) -> EValue.from(tensor.copy());
      case EValue.OfList(List<EValue> items) ->
          new EValue.OfList(items.stream().map(MethodIo::copy).toList());
      case EValue other -> other;
    };
  }

  /** Returns a view of all of a tensor's memory, whatever its sizes are now. */
  static Tensor wholeView(TensorSlot slot) {
    long[] shape = Arrays.stream(slot.bounds()).asLongStream().toArray();
    return slot.data().byteSize() < slot.dtype().byteSize(slot.capacity())
        ? view(slot)
        : Tensor.ofSegment(slot.dtype(), slot.data(), shape, slot.dimOrder());
  }

  private static Tensor view(TensorSlot slot) {
    long[] shape = new long[slot.rank()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = slot.size(i);
    }
    return Tensor.ofSegment(slot.dtype(), slot.data(), shape, slot.dimOrder());
  }

  private DataSource source(int value) {
    return ((TensorValue) bound.plan().values().get(value)).dataSource();
  }

  private void requireOutput(int index) {
    if (index < 0 || index >= bound.outputs().size()) {
      throw wrong(
          "output " + index, "one of " + bound.outputs().size() + " outputs", "no such output");
    }
  }

  private static String describe(TensorSlot slot) {
    return slot.dtype()
        + Arrays.toString(slot.bounds())
        + (slot.dynamism() == TensorSlot.Dynamism.STATIC
            ? ""
            : " or another shape of this rank with at most " + slot.capacity() + " elements");
  }

  private String where() {
    return "method '" + bound.plan().name() + "'";
  }

  private InvalidInputException wrong(String argument, String expected, String found) {
    return new InvalidInputException(where(), argument, expected, found);
  }
}
