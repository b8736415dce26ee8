package dev.sconce.cli.internal.inspect;

import dev.sconce.base.DType;
import dev.sconce.cli.internal.report.Printable;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.Allocation;
import dev.sconce.format.pte.PteValue.BoolListValue;
import dev.sconce.format.pte.PteValue.BoolValue;
import dev.sconce.format.pte.PteValue.DoubleListValue;
import dev.sconce.format.pte.PteValue.DoubleValue;
import dev.sconce.format.pte.PteValue.ExtraTensorInfo;
import dev.sconce.format.pte.PteValue.IntListValue;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.NullValue;
import dev.sconce.format.pte.PteValue.OptionalTensorListValue;
import dev.sconce.format.pte.PteValue.ShapeDynamism;
import dev.sconce.format.pte.PteValue.StringValue;
import dev.sconce.format.pte.PteValue.TensorListValue;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Words for the values of a method. All are short, however long the value is. */
public final class Values {

  /** Longer lists and strings are cut: one list may be named by every instruction. */
  private static final int MAX_ITEMS = 16;

  private static final int MAX_STRING = 80;

  private Values() {}

  /** Returns the kind of a value: {@code Tensor}, {@code Int} and so on, as the schema says. */
  public static String kind(PteValue value) {
    return switch (value) {
      case NullValue() -> "None";
      case IntValue _ -> "Int";
      case BoolValue _ -> "Bool";
      case DoubleValue _ -> "Double";
      case StringValue _ -> "String";
      case IntListValue _ -> "IntList";
      case DoubleListValue _ -> "DoubleList";
      case BoolListValue _ -> "BoolList";
      case TensorValue _ -> "Tensor";
      case TensorListValue _ -> "TensorList";
      case OptionalTensorListValue _ -> "OptionalTensorList";
    };
  }

  /** Returns dtype and sizes of a tensor, for others the kind: {@code float32[1, <=8]}, Int. */
  public static String type(PteValue value) {
    return value instanceof TensorValue tensor
        ? tensor(tensor.dtype(), tensor.sizes(), tensor.dynamism())
        : kind(value);
  }

  /** Returns dtype and sizes; those of a dynamic tensor are bounds and marked as such. */
  public static String tensor(DType dtype, List<? extends Number> sizes, ShapeDynamism dynamism) {
    String mark =
        switch (dynamism) {
          case STATIC -> "";
          case DYNAMIC_BOUND -> "<=";
          case DYNAMIC_UNBOUND -> "~";
        };
    return dtype.torchName() + list(sizes.size(), i -> mark + sizes.get(i));
  }

  /** Returns dtype and sizes of a static tensor. */
  public static String tensor(DType dtype, List<? extends Number> sizes) {
    return tensor(dtype, sizes, ShapeDynamism.STATIC);
  }

  /** Returns where a tensor's data are. */
  public static String place(TensorValue tensor) {
    String arena = place(tensor.allocation());
    return switch (tensor.dataSource()) {
      case CONSTANT -> "constant " + tensor.dataBufferIndex();
      case CALLER -> "unplanned";
      case PLANNED -> "planned " + arena;
      case PLANNED_WITH_INITIAL_VALUE ->
          "planned " + arena + ", initial value " + tensor.dataBufferIndex();
      case EXTERNAL -> "external '" + name(tensor) + "'";
      case PLANNED_FROM_EXTERNAL -> "planned " + arena + ", initially '" + name(tensor) + "'";
    };
  }

  private static String place(@Nullable Allocation allocation) {
    return allocation == null ? "" : allocation.memoryId() + "+" + allocation.offset();
  }

  /** Returns the name of a tensor in the model; empty if the file has none. */
  public static String name(TensorValue tensor) {
    ExtraTensorInfo extra = tensor.extra();
    String name = extra == null ? null : extra.fullyQualifiedName();
    return name == null ? "" : name;
  }

  /** Returns a value as it stands in the file: literals as such, tensors by type. */
  public static String literal(PteValue value, ExecutionPlan plan) {
    return switch (value) {
      case NullValue() -> "None";
      case IntValue(long number) -> Long.toString(number);
      case BoolValue(boolean flag) -> Boolean.toString(flag);
      case DoubleValue(double number) -> Double.toString(number);
      case StringValue(String text) -> '"' + Printable.shortened(text, MAX_STRING) + '"';
      case IntListValue list ->
          list(
              list.items().size(),
              i -> literal(plan.values().get(Math.toIntExact(list.items().at(i))), plan));
      case DoubleListValue list -> list(list.items().size(), i -> "" + list.items().get(i));
      case BoolListValue list -> list(list.items().size(), i -> "" + list.items().get(i));
      case TensorValue tensor -> type(tensor);
      case TensorListValue list -> tensors(list.items());
      case OptionalTensorListValue list -> tensors(list.items());
    };
  }

  /** Returns a value as an instruction sees it: by number where it changes, else as it stands. */
  public static String operand(int index, Calls calls) {
    ExecutionPlan plan = calls.plan();
    PteValue value = plan.values().get(index);
    if (value instanceof TensorValue tensor) {
      return "%" + index + " " + type(tensor) + constantMark(tensor);
    }
    if (calls.isVariable(index)) {
      return "%" + index + " " + kind(value);
    }
    if (value instanceof IntListValue list) {
      return list(
          list.items().size(),
          i -> {
            int item = Math.toIntExact(list.items().at(i));
            return calls.isVariable(item) ? "%" + item : literal(plan.values().get(item), plan);
          });
    }
    return literal(value, plan);
  }

  private static String constantMark(TensorValue tensor) {
    return switch (tensor.dataSource()) {
      case CONSTANT, EXTERNAL -> " " + place(tensor);
      case CALLER, PLANNED, PLANNED_WITH_INITIAL_VALUE, PLANNED_FROM_EXTERNAL -> "";
    };
  }

  private static String tensors(Ints items) {
    return list(items.size(), i -> items.at(i) < 0 ? "None" : "%" + items.at(i));
  }

  private static String list(int size, IntFunction<String> item) {
    String items =
        IntStream.range(0, Math.min(size, MAX_ITEMS))
            .mapToObj(item)
            .collect(Collectors.joining(", "));
    return size > MAX_ITEMS
        ? "[" + items + ", ... " + (size - MAX_ITEMS) + " more]"
        : "[" + items + "]";
  }
}
