package dev.sconce.runtime;

import dev.sconce.base.ExecutionFailedException;
import dev.sconce.base.InvalidInputException;
import dev.sconce.base.UnsupportedProgramException;
import dev.sconce.kernels.Kernels;
import dev.sconce.ops.Argument;
import dev.sconce.ops.ArgumentType;
import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.ops.OperatorSchema;
import dev.sconce.runtime.internal.execution.CallSite;
import dev.sconce.runtime.internal.execution.ExecutionContext;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorImplementation;
import dev.sconce.runtime.internal.operator.OperatorRegistry;
import dev.sconce.runtime.internal.operator.UnsupportedCall;
import dev.sconce.runtime.internal.slot.BoolListSlot;
import dev.sconce.runtime.internal.slot.DoubleListSlot;
import dev.sconce.runtime.internal.slot.IntListSlot;
import dev.sconce.runtime.internal.slot.NoneSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.Slot;
import dev.sconce.runtime.internal.slot.StringSlot;
import dev.sconce.runtime.internal.slot.TensorListSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs single operators, without a program around them: to fold constants, to compute references.
 *
 * <p>Every call binds its operator anew, so programs are the faster way to run the same calls again
 * and again. Stateless: any thread may call.
 */
public final class OperatorRunner {

  private OperatorRunner() {}

  /**
   * Runs an operator.
   *
   * @param operator the full name, for example {@code aten::add.out}
   * @param inputs one value for each argument of the schema that is not {@code out}; tensors that
   *     the operator changes in place are changed
   * @param outs where results go, one for each {@code out} argument: a tensor at least as large as
   *     the result; for operators that return a number, any number
   * @return the results, tensors of the sizes that the operator found, in the memory of {@code
   *     outs} or, if the operator makes a view, in that of its input
   * @throws InvalidInputException if there is no such operator, or values do not suit its schema
   * @throws UnsupportedProgramException if this runtime lacks the operator, or a case of it
   * @throws ExecutionFailedException if the operator cannot work on these values
   */
  public static List<EValue> run(String operator, List<EValue> inputs, List<EValue> outs) {
    OperatorSchema schema =
        OperatorCatalogue.standard()
            .find(operator)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "OperatorRunner", "operator", "one of the catalogue", operator));
    OperatorImplementation implementation = OperatorRegistry.standard().find(operator);
    if (implementation == null) {
      throw unsupported(operator, "the operator");
    }
    List<Slot> results = new ArrayList<>();
    List<Slot> slots = slots(schema, inputs, outs, results);
    CallSite site = new CallSite(operator, 0, new InstructionInfo(operator, 0, 0, operator));
    try {
      implementation
          .bind(new OperatorCall(site, slots, Kernels.shared()))
          .run(new ExecutionContext(null));
    } catch (UnsupportedCall e) {
      throw unsupported(operator, String.valueOf(e.getMessage()));
    } catch (OperatorFailure e) {
      throw new ExecutionFailedException(
          operator, -1, "a single call", String.valueOf(e.getMessage()), e);
    }
    return results.stream().map(OperatorRunner::value).toList();
  }

  private static UnsupportedProgramException unsupported(String operator, String what) {
    return new UnsupportedProgramException(operator, List.of(operator + ": " + what));
  }

  /** Returns the slots of all arguments and of what is returned; collects those of the results. */
  private static List<Slot> slots(
      OperatorSchema schema, List<EValue> inputs, List<EValue> outs, List<Slot> results) {
    List<Slot> slots = new ArrayList<>();
    int input = 0;
    int out = 0;
    for (Argument argument : schema.arguments()) {
      if (argument.isOut()) {
        Slot slot = slot(schema, argument.type(), next(schema, "outs", outs, out++), true);
        results.add(slot);
        slots.add(slot);
      } else {
        slots.add(slot(schema, argument.type(), next(schema, "inputs", inputs, input++), false));
      }
    }
    if (results.isEmpty() && !outs.isEmpty()) {
      // Numbers and views have no out argument; they write what is returned.
      Slot slot = out(outs.getFirst());
      results.add(slot);
      slots.add(slot);
      out++;
    } else if (results.isEmpty()) {
      slots.add(slots.getFirst());
    } else if (results.size() == 1) {
      slots.add(results.getFirst());
    } else {
      slots.add(
          new TensorListSlot(
              false, results.stream().map(TensorSlot.class::cast).toArray(TensorSlot[]::new)));
    }
    if (input < inputs.size() || out < outs.size()) {
      throw new InvalidInputException(
          schema.fullName(),
          "inputs and outs",
          input + " and " + out,
          inputs.size() + " and " + outs.size());
    }
    return slots;
  }

  private static EValue next(OperatorSchema schema, String which, List<EValue> values, int index) {
    if (index >= values.size()) {
      throw new InvalidInputException(
          schema.fullName(), which, "more than " + index + " values", values.size() + " values");
    }
    return values.get(index);
  }

  private static Slot out(EValue value) {
    return value instanceof EValue.OfTensor(Tensor tensor) ? seated(tensor, true) : number(value);
  }

  private static Slot number(EValue value) {
    return switch (value) {
      case EValue.OfInt(long number) -> ScalarSlot.of(number);
      case EValue.OfDouble(double number) -> ScalarSlot.of(number);
      case EValue.OfBool(boolean bool) -> ScalarSlot.of(bool);
      case EValue.None _, EValue.OfTensor _, EValue.OfString _, EValue.OfList _ ->
          throw new InvalidInputException(
              "OperatorRunner", "number", "an int, a double or a bool", value.describe());
    };
  }

  private static Slot slot(OperatorSchema schema, ArgumentType type, EValue value, boolean out) {
    return switch (value) {
      case EValue.None _ -> NoneSlot.INSTANCE;
      case EValue.OfTensor(Tensor tensor) -> seated(tensor, out);
      // A float argument may be written as an integer; files spell it as a double.
      case EValue.OfInt(long number) when type.kind() == ArgumentType.Kind.FLOAT ->
          ScalarSlot.of((double) number);
      case EValue.OfInt _, EValue.OfDouble _, EValue.OfBool _ -> number(value);
      case EValue.OfString(String string) -> new StringSlot(string);
      case EValue.OfList(List<EValue> items) -> list(schema, type, items, out);
    };
  }

  private static Slot list(
      OperatorSchema schema, ArgumentType type, List<EValue> items, boolean out) {
    if (!type.list()) {
      throw new InvalidInputException(schema.fullName(), "a value", type.toString(), "a list");
    }
    return switch (type.kind()) {
      case TENSOR -> {
        @Nullable TensorSlot[] tensors = new TensorSlot[items.size()];
        for (int i = 0; i < tensors.length; i++) {
          tensors[i] = items.get(i).isNone() ? null : seated(items.get(i).toTensor(), out);
        }
        yield new TensorListSlot(type.optionalElements(), tensors);
      }
      case INT, SCALAR_TYPE, MEMORY_FORMAT ->
          new IntListSlot(
              items.stream().map(i -> ScalarSlot.of(i.toInt())).toArray(ScalarSlot[]::new));
      case FLOAT, SCALAR ->
          new DoubleListSlot(items.stream().mapToDouble(OperatorRunner::real).toArray());
      case BOOL -> {
        boolean[] bools = new boolean[items.size()];
        for (int i = 0; i < bools.length; i++) {
          bools[i] = items.get(i).toBool();
        }
        yield new BoolListSlot(bools);
      }
      case STRING ->
          throw new InvalidInputException(
              schema.fullName(), "a list", "one of tensors or numbers", "strings");
    };
  }

  private static double real(EValue value) {
    return value instanceof EValue.OfInt(long number) ? number : value.toDouble();
  }

  private static TensorSlot seated(Tensor tensor, boolean out) {
    int[] sizes = new int[tensor.rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(tensor.size(i));
    }
    TensorSlot slot =
        new TensorSlot(
            tensor.dtype(),
            sizes,
            tensor.dimOrder(),
            out ? TensorSlot.Dynamism.BOUNDED : TensorSlot.Dynamism.STATIC);
    // Kernels work on memory off the heap.
    slot.seat(tensor.memory().isNative() ? tensor.memory() : tensor.copy().memory());
    return slot;
  }

  private static EValue value(Slot slot) {
    return switch (slot) {
      case TensorSlot tensor -> {
        int[] sizes = tensor.sizes();
        long[] shape = new long[sizes.length];
        for (int i = 0; i < shape.length; i++) {
          shape[i] = sizes[i];
        }
        yield EValue.from(
            Tensor.ofSegment(tensor.dtype(), tensor.data(), shape, tensor.dimOrder()));
      }
      case ScalarSlot number ->
          switch (number.kind()) {
            case INT -> EValue.from(number.longValue());
            case DOUBLE -> EValue.from(number.doubleValue());
            case BOOL -> EValue.from(number.boolValue());
          };
      case TensorListSlot list -> {
        List<EValue> items = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
          items.add(value(list.get(i)));
        }
        yield new EValue.OfList(items);
      }
      case IntListSlot _, DoubleListSlot _, BoolListSlot _, StringSlot _, NoneSlot _ ->
          throw new IllegalStateException("not a result: " + slot.describe());
    };
  }
}
