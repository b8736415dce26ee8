package dev.sconce.graph.emit;

import dev.sconce.format.Ints;
import dev.sconce.format.Longs;
import dev.sconce.format.pte.PteValue;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.ops.ArgumentType;
import java.util.List;
import java.util.function.ToIntFunction;

/** Turns operands into values of a method, as the argument's type in the schema demands. */
final class OperandEmitter {

  private final ValueTable table;
  private final ToIntFunction<Value> indices;

  OperandEmitter(ValueTable table, ToIntFunction<Value> indices) {
    this.table = table;
    this.indices = indices;
  }

  /** Returns the index of an operand's value. */
  int operand(Operand operand, ArgumentType type) {
    return switch (operand) {
      case Operand.Of(Value value) -> indices.applyAsInt(value);
      case Operand.None _ -> table.none();
      case Operand.BoolConstant(boolean value) -> table.constant(new PteValue.BoolValue(value));
      case Operand.StringConstant(String value) -> table.constant(new PteValue.StringValue(value));
      case Operand.DoubleConstant(double value) -> table.constant(new PteValue.DoubleValue(value));
      case Operand.IntConstant(long value) ->
          type.kind() == ArgumentType.Kind.FLOAT
              ? table.constant(new PteValue.DoubleValue(value))
              : table.constant(new PteValue.IntValue(value));
      case Operand.ListOf(List<Operand> items) -> list(items, type);
    };
  }

  private int list(List<Operand> items, ArgumentType type) {
    return switch (type.kind()) {
      case TENSOR -> tensors(items, type);
      case INT, SCALAR_TYPE, MEMORY_FORMAT -> integers(items, type);
      case FLOAT, SCALAR ->
          table.constant(
              new PteValue.DoubleListValue(items.stream().map(OperandEmitter::real).toList()));
      case BOOL ->
          table.constant(
              new PteValue.BoolListValue(items.stream().map(OperandEmitter::bool).toList()));
      case STRING -> throw new IllegalArgumentException("a list of strings: " + items);
    };
  }

  /** Lists of integers hold indices of integers, which instructions may compute. */
  private int integers(List<Operand> items, ArgumentType type) {
    long[] boxed = items.stream().mapToLong(item -> operand(item, type)).toArray();
    return table.constant(new PteValue.IntListValue(Longs.of(boxed)));
  }

  /** A schema that allows absent elements wants the list kind that does, even if none is. */
  private int tensors(List<Operand> items, ArgumentType type) {
    int[] tensors =
        items.stream()
            .mapToInt(
                item ->
                    item == Operand.None.NONE && type.optionalElements() ? -1 : operand(item, type))
            .toArray();
    return table.constant(
        type.optionalElements()
            ? new PteValue.OptionalTensorListValue(Ints.of(tensors))
            : new PteValue.TensorListValue(Ints.of(tensors)));
  }

  private static double real(Operand item) {
    return switch (item) {
      case Operand.DoubleConstant(double value) -> value;
      case Operand.IntConstant(long value) -> value;
      case Operand.Of _,
          Operand.None _,
          Operand.BoolConstant _,
          Operand.StringConstant _,
          Operand.ListOf _ ->
          throw new IllegalArgumentException("expected a number, found " + item);
    };
  }

  private static boolean bool(Operand item) {
    if (item instanceof Operand.BoolConstant(boolean value)) {
      return value;
    }
    throw new IllegalArgumentException("expected a boolean, found " + item);
  }

  /** Returns the index of a number that is moved to a value of the given type. */
  int number(Operand operand, Type type) {
    if (operand instanceof Operand.IntConstant(long value) && type instanceof Type.DoubleType) {
      return table.constant(new PteValue.DoubleValue(value));
    }
    return switch (operand) {
      case Operand.Of(Value value) -> indices.applyAsInt(value);
      case Operand.IntConstant(long value) -> table.constant(new PteValue.IntValue(value));
      case Operand.DoubleConstant(double value) -> table.constant(new PteValue.DoubleValue(value));
      case Operand.BoolConstant(boolean value) -> table.constant(new PteValue.BoolValue(value));
      case Operand.None _, Operand.StringConstant _, Operand.ListOf _ ->
          throw new IllegalArgumentException("expected a number, found " + operand);
    };
  }
}
