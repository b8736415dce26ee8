package dev.sconce.graph.xnnpack;

import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnOperation;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import dev.sconce.graph.quantize.LinearData;
import dev.sconce.graph.quantize.WeightScheme;
import java.util.Optional;

/**
 * Linear layers with a constant matrix.
 *
 * <pre>
 * float:      FullyConnected(x, W)
 * dynamic:    FullyConnected(Convert(x), W)     Convert: fp32 to int8 with a scale a row
 * weights:    FullyConnected(x, W)              W of integers with a scale a row
 * </pre>
 */
final class LinearLowering implements Lowering {

  /** XNNPACK's 4-bit kernels take groups of a multiple of this. */
  private static final int GROUP_UNIT = 32;

  @Override
  public Optional<String> refusal(Node.Call call, Constants constants) {
    Value matrix = Constants.tensor(call.operand(1));
    if (!constants.isConstant(matrix)) {
      return Optional.of("the matrix is no constant");
    }
    if (call.operand(2) instanceof Operand.Of(Value bias) && !constants.isConstant(bias)) {
      return Optional.of("the bias is no constant");
    }
    return constants.quantized(matrix).flatMap(LinearLowering::refusal);
  }

  private static Optional<String> refusal(LinearData data) {
    WeightScheme scheme = data.scheme();
    int columns = data.rows().columns();
    if (scheme.bits() == 8 && scheme.groupLength(columns) != columns) {
      return Optional.of("XNNPACK has no 8-bit weights in groups");
    }
    if (scheme.bits() == 4
        && data.quantizedInput()
        && scheme.groupLength(columns) % GROUP_UNIT != 0) {
      return Optional.of("groups of %d, not of 32s".formatted(scheme.groupLength(columns)));
    }
    return Optional.empty();
  }

  @Override
  public void lower(Node.Call call, Constants constants, XnnGraphBuilder builder) {
    Value x = Constants.tensor(call.operand(0));
    Value matrix = Constants.tensor(call.operand(1));
    int bias =
        call.operand(2) instanceof Operand.Of(Value value) ? builder.id(value) : XnnGraph.NO_ID;
    Optional<LinearData> quantized = constants.quantized(matrix);
    int input =
        quantized.filter(LinearData::quantizedInput).isPresent()
            ? builder.quantizedRows(x)
            : builder.id(x);
    int filter =
        quantized.isPresent()
            ? builder.quantizedMatrix(matrix, quantized.get())
            : builder.id(matrix);
    builder.node(
        new XnnOperation.FullyConnected(input, filter, bias, builder.id(call.result()), 0));
  }
}
