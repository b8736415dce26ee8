package dev.sconce.export.recipe.internal.evaluate;

import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.OperatorRunner;
import dev.sconce.runtime.Tensor;
import java.util.List;
import java.util.function.Function;

/** Runs calls of a graph one by one. */
public final class Calls {

  private Calls() {}

  /**
   * Runs a call.
   *
   * @param values gives the contents of a value that the call reads
   * @param rooms gives a place for a result, at least as large as it
   */
  public static List<EValue> run(
      Node.Call call, Function<Value, EValue> values, Function<Value, EValue> rooms) {
    List<EValue> inputs = call.operands().stream().map(o -> value(o, values)).toList();
    return OperatorRunner.run(
        call.operator().fullName(), inputs, call.results().stream().map(rooms).toList());
  }

  /**
   * Returns the contents of an operand.
   *
   * @param values gives the contents of a value
   */
  public static EValue value(Operand operand, Function<Value, EValue> values) {
    return switch (operand) {
      case Operand.Of(Value value) -> values.apply(value);
      case Operand.IntConstant(long number) -> EValue.from(number);
      case Operand.DoubleConstant(double number) -> EValue.from(number);
      case Operand.BoolConstant(boolean bool) -> EValue.from(bool);
      case Operand.StringConstant(String string) -> EValue.from(string);
      case Operand.None _ -> EValue.none();
      case Operand.ListOf(List<Operand> items) ->
          new EValue.OfList(items.stream().map(item -> value(item, values)).toList());
    };
  }

  /** Returns a constant as a tensor. */
  public static Tensor tensor(Type.TensorType type, ConstantData data) {
    Tensor tensor = Tensor.zeros(type.dtype(), type.maxShape());
    data.writeTo(tensor.memory());
    return tensor;
  }
}
