package dev.sconce.graph.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.BinaryOperator;
import dev.sconce.format.xnnpack.UnaryOperator;
import dev.sconce.format.xnnpack.XnnNode;
import dev.sconce.format.xnnpack.XnnOperation;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operators that XNNPACK runs, by full name. */
final class Lowerings {

  private static final int MAX_CONCATENATED = 5;

  /** XNN_FLAG_TRANSPOSE_B: the right matrices are stored by columns. */
  private static final int TRANSPOSE_RIGHT = 1;

  private final Map<String, Lowering> table = new HashMap<>();

  Lowerings() {
    binary("aten::add.out", BinaryOperator.ADD);
    binary("aten::sub.out", BinaryOperator.SUBTRACT);
    binary("aten::mul.out", BinaryOperator.MULTIPLY);
    binary("aten::div.out", BinaryOperator.DIV);
    binary("aten::maximum.out", BinaryOperator.MAXIMUM);
    binary("aten::minimum.out", BinaryOperator.MINIMUM);
    withScalar("aten::add.Scalar_out", BinaryOperator.ADD);
    withScalar("aten::mul.Scalar_out", BinaryOperator.MULTIPLY);
    unary("aten::sigmoid.out", UnaryOperator.SIGMOID);
    unary("aten::tanh.out", UnaryOperator.TANH);
    unary("aten::neg.out", UnaryOperator.NEGATE);
    unary("aten::exp.out", UnaryOperator.EXP);
    unary("aten::log.out", UnaryOperator.LOG);
    unary("aten::abs.out", UnaryOperator.ABS);
    unary("aten::sqrt.out", UnaryOperator.SQUARE_ROOT);
    unary("aten::rsqrt.out", UnaryOperator.RECIPROCAL_SQUARE_ROOT);
    unary("aten::sin.out", UnaryOperator.SIN);
    unary("aten::cos.out", UnaryOperator.COS);
    unary("aten::floor.out", UnaryOperator.FLOOR);
    unary("aten::ceil.out", UnaryOperator.CEILING);
    table.put(
        "aten::relu.out", new Clamp(call -> new XnnNode.OutputRange(0, Float.POSITIVE_INFINITY)));
    table.put("aten::clamp.out", new Clamp(Lowerings::bounds));
    table.put("aten::gelu.out", new Gelu());
    table.put("aten::_softmax.out", new Softmax());
    table.put("aten::linear.out", new LinearLowering());
    table.put("aten::bmm.out", new BatchProduct());
    table.put("aten::view_copy.out", new Reshape());
    table.put("aten::unsqueeze_copy.out", new Reshape());
    table.put("aten::permute_copy.out", new Transpose());
    table.put("aten::slice_copy.Tensor_out", new Slice());
    table.put("aten::cat.out", new Concatenation());
  }

  /** Returns the lowering of an operator. */
  Optional<Lowering> find(String fullName) {
    return Optional.ofNullable(table.get(fullName));
  }

  private void unary(String name, UnaryOperator operator) {
    table.put(
        name,
        new Always() {
          @Override
          public void lower(Node.Call call, Constants constants, XnnGraphBuilder builder) {
            builder.node(
                new XnnOperation.Unary(
                    operator, input(call, builder), builder.id(call.result()), 0));
          }
        });
  }

  private void binary(String name, BinaryOperator operator) {
    table.put(
        name,
        new Lowering() {
          @Override
          public Optional<String> refusal(Node.Call call, Constants constants) {
            boolean scaled = call.operands().size() > 2 && !call.operand(2).equals(Operand.of(1L));
            return scaled ? Optional.of("alpha is not 1") : Optional.empty();
          }

          @Override
          public void lower(Node.Call call, Constants constants, XnnGraphBuilder builder) {
            int second = builder.id(Constants.tensor(call.operand(1)));
            builder.node(
                new XnnOperation.Binary(
                    operator, input(call, builder), second, builder.id(call.result()), 0));
          }
        });
  }

  private void withScalar(String name, BinaryOperator operator) {
    table.put(
        name,
        new Lowering() {
          @Override
          public Optional<String> refusal(Node.Call call, Constants constants) {
            boolean constant =
                call.operand(1) instanceof Operand.DoubleConstant
                    || call.operand(1) instanceof Operand.IntConstant;
            return constant ? Optional.empty() : Optional.of("the number is computed at run time");
          }

          @Override
          public void lower(Node.Call call, Constants constants, XnnGraphBuilder builder) {
            int scalar =
                builder.scalar(number(call.operand(1)), call.result().tensorType().dtype());
            builder.node(
                new XnnOperation.Binary(
                    operator, input(call, builder), scalar, builder.id(call.result()), 0));
          }
        });
  }

  static double number(Operand operand) {
    return switch (operand) {
      case Operand.DoubleConstant(double value) -> value;
      case Operand.IntConstant(long value) -> value;
      case Operand.Of _,
          Operand.None _,
          Operand.BoolConstant _,
          Operand.StringConstant _,
          Operand.ListOf _ ->
          throw new IllegalArgumentException("expected a number, found " + operand);
    };
  }

  private static XnnNode.OutputRange bounds(Node.Call call) {
    float min =
        call.operand(1) == Operand.None.NONE
            ? Float.NEGATIVE_INFINITY
            : (float) number(call.operand(1));
    float max =
        call.operand(2) == Operand.None.NONE
            ? Float.POSITIVE_INFINITY
            : (float) number(call.operand(2));
    return new XnnNode.OutputRange(min, max);
  }

  private static int input(Node.Call call, XnnGraphBuilder builder) {
    return builder.id(Constants.tensor(call.operand(0)));
  }

  /** A lowering without conditions of its own. */
  private interface Always extends Lowering {
    @Override
    default Optional<String> refusal(Node.Call call, Constants constants) {
      return Optional.empty();
    }
  }

  @FunctionalInterface
  private interface RangeOf {
    XnnNode.OutputRange of(Node.Call call);
  }

  private record Clamp(RangeOf range) implements Always {
    @Override
    public void lower(Node.Call call, Constants constants, XnnGraphBuilder builder) {
      builder.node(
          new XnnOperation.Unary(
              UnaryOperator.CLAMP, input(call, builder), builder.id(call.result()), 0),
          range.of(call));
    }
  }

  /** XNNPACK's GELU is the exact one; the tanh form is decomposed before. */
  private static final class Gelu implements Lowering {
    @Override
    public Optional<String> refusal(Node.Call call, Constants constants) {
      return call.operand(1).equals(new Operand.StringConstant("none"))
          ? Optional.empty()
          : Optional.of("XNNPACK has the exact GELU only");
    }

    @Override
    public void lower(Node.Call call, Constants constants, XnnGraphBuilder builder) {
      builder.node(
          new XnnOperation.Unary(
              UnaryOperator.GELU, input(call, builder), builder.id(call.result()), 0));
    }
  }

  private static final class Softmax implements Lowering {
    @Override
    public Optional<String> refusal(Node.Call call, Constants constants) {
      int rank = call.result().tensorType().rank();
      boolean last =
          call.operand(1).equals(Operand.of(-1L)) || call.operand(1).equals(Operand.of(rank - 1L));
      return last ? Optional.empty() : Optional.of("softmax is not over the last dimension");
    }

    @Override
    public void lower(Node.Call call, Constants constants, XnnGraphBuilder builder) {
      builder.node(
          new XnnOperation.Unary(
              UnaryOperator.SOFTMAX, input(call, builder), builder.id(call.result()), 0));
    }
  }

  private static final class BatchProduct implements Always {
    @Override
    public void lower(Node.Call call, Constants constants, XnnGraphBuilder builder) {
      Value right = Constants.tensor(call.operand(1));
      Optional<Value> rows = builder.turned(right);
      builder.node(
          new XnnOperation.Binary(
              BinaryOperator.BATCH_MATRIX_MULTIPLY,
              input(call, builder),
              builder.id(rows.orElse(right)),
              builder.id(call.result()),
              rows.isPresent() ? TRANSPOSE_RIGHT : 0));
    }
  }

  /** One size may be left to XNNPACK: it is written as 0. */
  private static final class Reshape implements Lowering {
    @Override
    public Optional<String> refusal(Node.Call call, Constants constants) {
      long symbolic = call.result().tensorType().shape().stream().filter(d -> !d.isFixed()).count();
      if (call.result().tensorType().rank() == 0) {
        return Optional.of("XNNPACK has no tensors without dimensions");
      }
      return symbolic <= 1 ? Optional.empty() : Optional.of("more than one size varies");
    }

    @Override
    public void lower(Node.Call call, Constants constants, XnnGraphBuilder builder) {
      List<Dim> shape = call.result().tensorType().shape();
      int[] sizes =
          shape.stream().mapToInt(d -> d.isFixed() ? Math.toIntExact(d.value()) : 0).toArray();
      builder.node(
          new XnnOperation.StaticReshape(
              Ints.of(sizes), input(call, builder), builder.id(call.result()), 0));
    }
  }

  private static final class Transpose implements Always {
    @Override
    public void lower(Node.Call call, Constants constants, XnnGraphBuilder builder) {
      int rank = call.result().tensorType().rank();
      int[] order =
          ((Operand.ListOf) call.operand(1))
              .items().stream()
                  .mapToInt(item -> (int) Math.floorMod((long) number(item), (long) rank))
                  .toArray();
      builder.node(
          new XnnOperation.StaticTranspose(
              Ints.of(order), input(call, builder), builder.id(call.result()), 0));
    }
  }

  /** A part of a fixed dimension; the other dimensions may vary, their size is written as 0. */
  private static final class Slice implements Lowering {
    @Override
    public Optional<String> refusal(Node.Call call, Constants constants) {
      boolean fixed =
          call.operand(2) instanceof Operand.IntConstant
              && call.operand(3) instanceof Operand.IntConstant
              && call.operand(4).equals(Operand.of(1L));
      Type.TensorType input = Constants.tensor(call.operand(0)).tensorType();
      return fixed && input.dim((int) number(call.operand(1))).isFixed()
          ? Optional.empty()
          : Optional.of("bounds or size vary, or there are steps");
    }

    @Override
    public void lower(Node.Call call, Constants constants, XnnGraphBuilder builder) {
      Type.TensorType input = Constants.tensor(call.operand(0)).tensorType();
      int rank = input.rank();
      int dim = Math.floorMod((int) number(call.operand(1)), rank);
      long size = input.dim(dim).value();
      long start = (long) number(call.operand(2));
      int[] offsets = new int[rank];
      int[] sizes = new int[rank];
      for (int i = 0; i < rank; i++) {
        Dim out = call.result().tensorType().dim(i);
        sizes[i] = out.isFixed() ? Math.toIntExact(out.value()) : 0;
      }
      offsets[dim] = Math.toIntExact(Math.clamp(start < 0 ? start + size : start, 0, size));
      builder.node(
          new XnnOperation.StaticSlice(
              Ints.of(offsets),
              Ints.of(sizes),
              input(call, builder),
              builder.id(call.result()),
              0));
    }
  }

  private static final class Concatenation implements Lowering {
    @Override
    public Optional<String> refusal(Node.Call call, Constants constants) {
      int parts = ((Operand.ListOf) call.operand(0)).items().size();
      return parts >= 2 && parts <= MAX_CONCATENATED
          ? Optional.empty()
          : Optional.of(parts + " parts");
    }

    @Override
    public void lower(Node.Call call, Constants constants, XnnGraphBuilder builder) {
      int rank = call.result().tensorType().rank();
      int[] parts =
          ((Operand.ListOf) call.operand(0))
              .items().stream().mapToInt(item -> builder.id(Constants.tensor(item))).toArray();
      builder.node(
          new XnnOperation.Concatenate(
              Math.floorMod((int) number(call.operand(1)), rank),
              Ints.of(parts),
              builder.id(call.result()),
              0));
    }
  }

  /** Returns the tensors that a call reads. */
  static List<Value> tensors(Node.Call call) {
    List<Value> tensors = new java.util.ArrayList<>();
    call.operands().forEach(operand -> operand.forEachValue(tensors::add));
    return tensors;
  }
}
