package dev.sconce.graph;

import dev.sconce.base.DType;
import dev.sconce.ops.OperatorArguments;
import dev.sconce.ops.OperatorSchema;
import dev.sconce.ops.Shape;
import dev.sconce.ops.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The operands of a call as the rules of {@code ops} see them, under one assignment of symbols. */
final class OperandView implements OperatorArguments {

  private final OperatorSchema schema;
  private final List<Operand> operands;
  private final ToLongFunction<Symbol> assignment;

  /**
   * Creates a view.
   *
   * @param operands in the order of the schema without {@code out} arguments
   * @param assignment the value of every symbol
   */
  OperandView(OperatorSchema schema, List<Operand> operands, ToLongFunction<Symbol> assignment) {
    this.schema = schema;
    this.assignment = assignment;
    List<Operand> byPosition = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < schema.arguments().size(); i++) {
      boolean out = schema.arguments().get(i).isOut();
      byPosition.add(out ? Operand.none() : operands.get(next++));
    }
    this.operands = byPosition;
  }

  @Override
  public OperatorSchema schema() {
    return schema;
  }

  @Override
  public boolean isAbsent(int position) {
    return operands.get(position) == Operand.None.NONE;
  }

  @Override
  public TensorSpec tensor(int position) {
    return spec(position, operands.get(position));
  }

  private TensorSpec spec(int position, Operand operand) {
    if (operand instanceof Operand.Of(Value value)
        && value.type() instanceof Type.TensorType tensor) {
      long[] sizes = tensor.shape().stream().mapToLong(d -> d.evaluate(assignment)).toArray();
      return new TensorSpec(tensor.dtype(), Shape.of(sizes));
    }
    throw invalid(position, "a tensor", operand.toString());
  }

  @Override
  public List<Optional<TensorSpec>> tensors(int position) {
    return items(position).stream()
        .map(
            item ->
                item == Operand.None.NONE
                    ? Optional.<TensorSpec>empty()
                    : Optional.of(spec(position, item)))
        .toList();
  }

  private List<Operand> items(int position) {
    if (operands.get(position) instanceof Operand.ListOf(List<Operand> items)) {
      return items;
    }
    throw invalid(position, "a list", operands.get(position).toString());
  }

  @Override
  public long integer(int position) {
    return integer(position, operands.get(position));
  }

  private long integer(int position, Operand operand) {
    return switch (operand) {
      case Operand.IntConstant constant -> constant.value();
      case Operand.Of(Value value) when value.type() instanceof Type.IntType(Dim dim) ->
          dim.evaluate(assignment);
      case Operand.Of _,
          Operand.BoolConstant _,
          Operand.DoubleConstant _,
          Operand.StringConstant _,
          Operand.None _,
          Operand.ListOf _ ->
          throw invalid(position, "an integer", operand.toString());
    };
  }

  @Override
  public long[] integers(int position) {
    return items(position).stream().mapToLong(item -> integer(position, item)).toArray();
  }

  @Override
  public double[] reals(int position) {
    return items(position).stream().mapToDouble(item -> real(position, item)).toArray();
  }

  @Override
  public boolean bool(int position) {
    if (operands.get(position) instanceof Operand.BoolConstant(boolean value)) {
      return value;
    }
    throw invalid(position, "a boolean constant", operands.get(position).toString());
  }

  @Override
  public double real(int position) {
    return real(position, operands.get(position));
  }

  private double real(int position, Operand operand) {
    return switch (operand) {
      case Operand.DoubleConstant constant -> constant.value();
      case Operand.BoolConstant constant -> constant.value() ? 1 : 0;
      case Operand.Of _, Operand.IntConstant _ -> integer(position, operand);
      case Operand.StringConstant _, Operand.None _, Operand.ListOf _ ->
          throw invalid(position, "a number", operand.toString());
    };
  }

  @Override
  public DType scalarType(int position) {
    Operand operand = operands.get(position);
    return switch (operand) {
      case Operand.DoubleConstant _ -> DType.FLOAT64;
      case Operand.IntConstant _ -> DType.INT64;
      case Operand.BoolConstant _ -> DType.BOOL;
      case Operand.Of(Value value) -> scalarType(position, value);
      case Operand.StringConstant _, Operand.None _, Operand.ListOf _ ->
          throw invalid(position, "a number", operand.toString());
    };
  }

  private DType scalarType(int position, Value value) {
    return switch (value.type()) {
      case Type.IntType _ -> DType.INT64;
      case Type.DoubleType _ -> DType.FLOAT64;
      case Type.BoolType _ -> DType.BOOL;
      case Type.TensorType _, Type.TensorListType _ ->
          throw invalid(position, "a number", value.toString());
    };
  }

  @Override
  public DType dtype(int position) {
    long code = integer(position);
    return DType.ofCode((int) code)
        .orElseThrow(() -> invalid(position, "the code of an element type", Long.toString(code)));
  }
}
