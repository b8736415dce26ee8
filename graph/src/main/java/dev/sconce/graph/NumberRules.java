package dev.sconce.graph;

import dev.sconce.ops.OperatorSchema;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** Types of operators that return a number: sizes, and arithmetic on them. */
final class NumberRules {

  // What an integer of unknown value may be: large enough for any size, far from overflow.
  private static final long LARGE = 1L << 40;

  private NumberRules() {}

  /** Returns the result type of a number operator; empty for operators that return tensors. */
  static Optional<Type> infer(
      OperatorSchema operator, List<Operand> operands, TypeInference.SymbolSource symbols) {
    return Optional.ofNullable(
        switch (operator.fullName()) {
          case "aten::sym_size.int" -> size(operands);
          case "aten::sym_numel" -> new Type.IntType(tensor(operands).elements());
          case "aten::_local_scalar_dense" -> element(tensor(operands), symbols);
          case "executorch_prim::add.Scalar" -> arithmetic(operands, Dim::plus);
          case "executorch_prim::sub.Scalar" -> arithmetic(operands, Dim::minus);
          case "executorch_prim::mul.Scalar" -> arithmetic(operands, Dim::times);
          case "executorch_prim::neg.Scalar" ->
              allInts(operands) ? new Type.IntType(Dim.ZERO.minus(dim(operands, 0))) : DOUBLE;
          case "executorch_prim::floordiv.Scalar",
              "executorch_prim::floordiv.int",
              "executorch_prim::mod.Scalar",
              "executorch_prim::mod.int",
              "executorch_prim::sym_max.Scalar",
              "executorch_prim::sym_min.Scalar",
              "executorch_prim::sym_ite.Scalar",
              "executorch_prim::round.Scalar",
              "executorch_prim::ceil.Scalar",
              "executorch_prim::trunc.Scalar",
              "executorch_prim::sym_int.Scalar" ->
              unknownInt(symbols);
          case "executorch_prim::eq.Scalar",
              "executorch_prim::gt.Scalar",
              "executorch_prim::lt.Scalar",
              "executorch_prim::ge.Scalar",
              "executorch_prim::le.Scalar",
              "executorch_prim::sym_not.Scalar" ->
              Type.BoolType.BOOL;
          case "executorch_prim::truediv.Scalar", "executorch_prim::sym_float.Scalar" -> DOUBLE;
          default -> null;
        });
  }

  private static final Type DOUBLE = Type.DoubleType.DOUBLE;

  private static Type size(List<Operand> operands) {
    return new Type.IntType(tensor(operands).dim((int) dim(operands, 1).value()));
  }

  private static Type element(Type.TensorType tensor, TypeInference.SymbolSource symbols) {
    if (tensor.dtype() == dev.sconce.base.DType.BOOL) {
      return Type.BoolType.BOOL;
    }
    return tensor.dtype().isInteger() ? unknownInt(symbols) : DOUBLE;
  }

  private static Type unknownInt(TypeInference.SymbolSource symbols) {
    return new Type.IntType(Dim.of(symbols.fresh("n", 0, LARGE)));
  }

  private static Type arithmetic(List<Operand> operands, BinaryOperator<Dim> operation) {
    return allInts(operands)
        ? new Type.IntType(operation.apply(dim(operands, 0), dim(operands, 1)))
        : DOUBLE;
  }

  private static boolean allInts(List<Operand> operands) {
    return operands.stream()
        .allMatch(
            operand ->
                operand instanceof Operand.IntConstant
                    || (operand instanceof Operand.Of(Value value)
                        && value.type() instanceof Type.IntType));
  }

  private static Dim dim(List<Operand> operands, int index) {
    return switch (operands.get(index)) {
      case Operand.IntConstant constant -> Dim.of(constant.value());
      case Operand.Of(Value value) when value.type() instanceof Type.IntType(Dim dim) -> dim;
      case Operand other -> throw new IllegalArgumentException("expected an int, found " + other);
    };
  }

  private static Type.TensorType tensor(List<Operand> operands) {
    if (operands.getFirst() instanceof Operand.Of(Value value)) {
      return value.tensorType();
    }
    throw new IllegalArgumentException("expected a tensor, found " + operands.getFirst());
  }
}
