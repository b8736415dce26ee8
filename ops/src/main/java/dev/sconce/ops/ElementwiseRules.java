package dev.sconce.ops;

import dev.sconce.base.DType;
import java.util.List;

/** Rules of operators that work element by element, after broadcasting. */
final class ElementwiseRules {

  private ElementwiseRules() {}

  static void addTo(ResultRules.Table table) {
    for (String name :
        List.of(
            "abs.out",
            "alias_copy.out",
            "bitwise_not.out",
            "ceil.out",
            "clone.out",
            "copy.out",
            "copy_",
            "detach_copy.out",
            "fill.Scalar_out",
            "fill.Tensor_out",
            "flip.out",
            "floor.out",
            "gelu.out",
            "elu.out",
            "hardtanh.out",
            "leaky_relu.out",
            "lift_fresh_copy.out",
            "neg.out",
            "relu.out",
            "roll.out",
            "round.out",
            "sign.out",
            "tril.out",
            "trunc.out",
            "_conj_physical.out")) {
      table.add("aten::" + name, arguments -> List.of(arguments.tensor(0)));
    }
    table.add("aten::masked_fill.Scalar_out", ElementwiseRules::masked);
    for (String name :
        List.of(
            "acos",
            "acosh",
            "asin",
            "asinh",
            "atan",
            "atanh",
            "cos",
            "cosh",
            "erf",
            "exp",
            "expm1",
            "log",
            "log10",
            "log1p",
            "log2",
            "logit",
            "reciprocal",
            "rsqrt",
            "sigmoid",
            "sin",
            "sinh",
            "sqrt",
            "tan",
            "tanh")) {
      table.add("aten::" + name + ".out", ElementwiseRules::floatingUnary);
    }
    for (String name : List.of("isinf", "isnan", "logical_not")) {
      table.add(
          "aten::" + name + ".out",
          arguments -> List.of(new TensorSpec(DType.BOOL, arguments.tensor(0).shape())));
    }
    table.add("et_copy::_d2h_copy.out", arguments -> List.of(arguments.tensor(0)));
    table.add("et_copy::_h2d_copy.out", arguments -> List.of(arguments.tensor(0)));
    for (String name : List.of("_clone_dim_order", "_to_dim_order_copy")) {
      table.add("dim_order_ops::" + name + ".out", ElementwiseRules::shapeOfSelf);
    }
    table.add("aten::_to_copy.out", ElementwiseRules::shapeOfSelf);

    for (String name :
        List.of(
            "add.out",
            "sub.out",
            "mul.out",
            "floor_divide.out",
            "fmod.Tensor_out",
            "maximum.out",
            "minimum.out",
            "pow.Tensor_Tensor_out",
            "remainder.Tensor_out",
            "bitwise_and.Tensor_out",
            "bitwise_left_shift.Tensor_out",
            "bitwise_or.Tensor_out",
            "bitwise_right_shift.Tensor_out",
            "bitwise_xor.Tensor_out")) {
      table.add("aten::" + name, arguments -> List.of(binary(arguments, 0, 1)));
    }
    for (String name :
        List.of(
            "add.Scalar_out",
            "sub.Scalar_out",
            "mul.Scalar_out",
            "rsub.Scalar_out",
            "fmod.Scalar_out",
            "pow.Tensor_Scalar_out",
            "remainder.Scalar_out",
            "bitwise_and.Scalar_out",
            "bitwise_left_shift.Tensor_Scalar_out",
            "bitwise_or.Scalar_out",
            "bitwise_right_shift.Tensor_Scalar_out",
            "bitwise_xor.Scalar_out")) {
      table.add("aten::" + name, arguments -> List.of(withScalar(arguments, 0, 1)));
    }
    table.add("aten::pow.Scalar_out", arguments -> List.of(withScalar(arguments, 1, 0)));
    table.add("aten::atan2.out", arguments -> List.of(floating(binary(arguments, 0, 1))));
    table.add("aten::div.out", arguments -> List.of(floating(binary(arguments, 0, 1))));
    table.add("aten::div.Scalar_out", arguments -> List.of(floating(withScalar(arguments, 0, 1))));
    table.add(
        "aten::div.out_mode",
        arguments -> {
          TensorSpec result = binary(arguments, 0, 1);
          return List.of(arguments.isAbsent(2) ? floating(result) : result);
        });
    table.add(
        "aten::div.Scalar_mode_out",
        arguments -> {
          TensorSpec result = withScalar(arguments, 0, 1);
          return List.of(arguments.isAbsent(2) ? floating(result) : result);
        });
    for (String name : List.of("eq", "ne", "lt", "le", "gt", "ge")) {
      table.add(
          "aten::" + name + ".Scalar_out",
          arguments -> List.of(new TensorSpec(DType.BOOL, arguments.tensor(0).shape())));
      table.add("aten::" + name + ".Tensor_out", ElementwiseRules::predicate);
    }
    for (String name : List.of("logical_and", "logical_or", "logical_xor")) {
      table.add("aten::" + name + ".out", ElementwiseRules::predicate);
    }
    table.add(
        "aten::clamp.out",
        arguments -> {
          TensorSpec self = arguments.tensor(0);
          DType dtype = self.dtype();
          for (int bound = 1; bound <= 2; bound++) {
            dtype =
                arguments.isAbsent(bound)
                    ? dtype
                    : TypePromotion.withScalar(dtype, arguments.scalarType(bound));
          }
          return List.of(new TensorSpec(dtype, self.shape()));
        });
    table.add(
        "aten::clamp.Tensor_out",
        arguments -> {
          TensorSpec result = arguments.tensor(0);
          for (int bound = 1; bound <= 2; bound++) {
            result = arguments.isAbsent(bound) ? result : meet(arguments, bound, result);
          }
          return List.of(result);
        });
    table.add(
        "aten::where.self_out",
        arguments -> {
          TensorSpec result = binary(arguments, 1, 2);
          return List.of(
              new TensorSpec(
                  result.dtype(), shape(arguments, 0, result.shape(), arguments.tensor(0))));
        });
    table.add(
        "aten::glu.out",
        arguments -> {
          TensorSpec self = arguments.tensor(0);
          int dim = arguments.dimension(1, self.shape().rank());
          if (self.shape().rank() == 0 || self.shape().size(dim) % 2 != 0) {
            throw arguments.invalid(0, "an even size in dimension " + dim, self.toString());
          }
          return List.of(
              new TensorSpec(self.dtype(), self.shape().with(dim, self.shape().size(dim) / 2)));
        });
    table.add(
        "aten::native_dropout.out",
        arguments ->
            List.of(arguments.tensor(0), new TensorSpec(DType.BOOL, arguments.tensor(0).shape())));
  }

  private static List<TensorSpec> floatingUnary(OperatorArguments arguments) {
    return List.of(floating(arguments.tensor(0)));
  }

  private static List<TensorSpec> predicate(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    return List.of(
        new TensorSpec(DType.BOOL, shape(arguments, 1, self.shape(), arguments.tensor(1))));
  }

  private static List<TensorSpec> shapeOfSelf(OperatorArguments arguments) {
    int out = arguments.schema().arguments().size() - 1;
    return List.of(new TensorSpec(arguments.tensor(out).dtype(), arguments.tensor(0).shape()));
  }

  private static TensorSpec floating(TensorSpec spec) {
    return spec.dtype().isFloating()
        ? spec
        : new TensorSpec(TypePromotion.toFloating(spec.dtype()), spec.shape());
  }

  static TensorSpec binary(OperatorArguments arguments, int left, int right) {
    return meet(arguments, right, arguments.tensor(left));
  }

  private static TensorSpec meet(OperatorArguments arguments, int position, TensorSpec left) {
    TensorSpec right = arguments.tensor(position);
    DType dtype =
        TypePromotion.resultType(left, right)
            .orElseThrow(
                () ->
                    arguments.invalid(
                        position, "a type that meets " + left.dtype(), right.dtype().toString()));
    return new TensorSpec(dtype, shape(arguments, position, left.shape(), right));
  }

  static Shape shape(OperatorArguments arguments, int position, Shape left, TensorSpec right) {
    return Broadcasting.broadcast(left, right.shape())
        .orElseThrow(
            () ->
                arguments.invalid(
                    position, "a shape that broadcasts with " + left, right.shape().toString()));
  }

  /** The first operand and the mask stretch to each other. */
  static List<TensorSpec> masked(OperatorArguments arguments) {
    TensorSpec self = arguments.tensor(0);
    return List.of(
        new TensorSpec(self.dtype(), shape(arguments, 1, self.shape(), arguments.tensor(1))));
  }

  private static TensorSpec withScalar(OperatorArguments arguments, int tensor, int scalar) {
    TensorSpec self = arguments.tensor(tensor);
    return new TensorSpec(
        TypePromotion.withScalar(self.dtype(), arguments.scalarType(scalar)), self.shape());
  }
}
