package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.xnnpack.XnnDatatype;
import dev.sconce.format.xnnpack.XnnOperation.Unary;
import dev.sconce.kernels.Conversions;
import dev.sconce.kernels.Kernels;

/**
 * Convert: a value in another type. Also what is inserted where a node computes in another type.
 */
final class ConvertNode {

  private ConvertNode() {}

  static void plan(GraphBuilder builder, Unary n) {
    int from = builder.floats(n.input());
    int to = builder.stored(n.output());
    if (builder.value(to).storage() == Storage.FLOAT32) {
      // Rounded afterwards if the type asks for it.
      to = builder.floatResult(n.output());
    }
    add(builder, from, to);
  }

  /** Adds a conversion; one side is float32. */
  static void add(GraphBuilder builder, int from, int to) {
    Conversion conversion = conversion(builder, builder.value(from), builder.value(to));
    builder.add(
        "Convert",
        Ints.of(from),
        Ints.of(to),
        operands -> new Step(operands[from], operands[to], conversion));
  }

  /** Adds the rounding, in place, of float32 results to what a shorter type keeps. */
  static void addRounding(GraphBuilder builder, int value, XnnDatatype datatype) {
    Conversions conversions = builder.kernels().conversions();
    Conversion rounding =
        datatype == XnnDatatype.FP16
            ? (x, y) -> conversions.roundToHalf(x.data(), y.data(), x.count())
            : (x, y) -> conversions.roundToBfloat16(x.data(), y.data(), x.count());
    builder.add(
        "Round",
        Ints.of(value),
        Ints.of(value),
        operands -> new Step(operands[value], operands[value], rounding));
  }

  private static Conversion conversion(GraphBuilder builder, PlannedValue from, PlannedValue to) {
    Kernels kernels = builder.kernels();
    Conversions conversions = kernels.conversions();
    return switch (to.storage()) {
      case FLOAT32 -> toFloats(builder, conversions, from);
      case FLOAT16 -> (x, y) -> conversions.floatToHalf(x.data(), y.data(), x.count());
      case BFLOAT16 -> (x, y) -> conversions.floatToBfloat16(x.data(), y.data(), x.count());
      case INT8, UINT8 -> {
        requireType(builder, to);
        yield (x, y) ->
            conversions.quantize(y.value().quantizedType(), x.data(), y.data(), x.count());
      }
      case QUANTIZED_ROWS -> (x, y) -> kernels.matrixProducts().quantize(x.data(), y.rows());
      case INT32 -> throw builder.fault().unsupported("a conversion to int32 (" + to.name() + ")");
    };
  }

  private static Conversion toFloats(
      GraphBuilder builder, Conversions conversions, PlannedValue from) {
    return switch (from.storage()) {
      case FLOAT32 -> (x, y) -> y.data().copyFrom(x.data().asSlice(0, x.byteSize()));
      case FLOAT16 -> (x, y) -> conversions.halfToFloat(x.data(), y.data(), x.count());
      case BFLOAT16 -> (x, y) -> conversions.bfloat16ToFloat(x.data(), y.data(), x.count());
      case INT8, UINT8 -> {
        requireType(builder, from);
        yield (x, y) ->
            conversions.dequantize(x.value().quantizedType(), x.data(), y.data(), x.count());
      }
      case QUANTIZED_ROWS -> (x, y) -> conversions.dequantize(x.rows(), y.data());
      case INT32 ->
          throw builder.fault().unsupported("a conversion from int32 (" + from.name() + ")");
    };
  }

  private static void requireType(GraphBuilder builder, PlannedValue value) {
    builder.fault().require(value.type() != null, value.name(), "one scale and zero point", "none");
  }

  /** From one operand to another of the same shape. */
  @FunctionalInterface
  private interface Conversion {
    void run(Operand x, Operand y);
  }

  private record Step(Operand x, Operand y, Conversion conversion) implements NodeStep {

    @Override
    public void reshape() {
      if (x != y) {
        y.reshape(x.shape());
      }
      if (y.value().storage() == Storage.QUANTIZED_ROWS) {
        y.require(y.rank() >= y.value().rowDims(), y.value().rowDims() + " dimensions or more");
      }
    }

    @Override
    public void run() {
      conversion.run(x, y);
    }
  }
}
