package dev.sconce.generate.runner;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Method;
import dev.sconce.runtime.MethodMetadata;
import dev.sconce.runtime.Tensor;
import dev.sconce.runtime.TensorInfo;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Passes tokens and their positions to a method that keeps its caches itself.
 *
 * <p>Positions come in one of two conventions, told apart by the upper bound of the second input: a
 * position for each token, or that of the first one. A method with one input gets tokens only.
 */
public final class DefaultIoManager implements IoManager {

  private enum Positions {
    NONE,
    FIRST,
    EACH
  }

  private final String method;
  private final Positions positions;

  /**
   * Creates a manager.
   *
   * @throws InvalidInputException if the method has other inputs or outputs
   */
  public DefaultIoManager(Method method) {
    MethodMetadata metadata = method.metadata();
    this.method = "method '" + metadata.name() + "'";
    if (metadata.outputs().size() != 1 || metadata.outputs().getFirst().tensor().isEmpty()) {
      throw wrong("outputs", "one tensor", metadata.outputs().toString());
    }
    require(metadata, 0, 2, "int64[1, n] tokens");
    this.positions =
        switch (metadata.inputs().size()) {
          case 1 -> Positions.NONE;
          case 2 ->
              require(metadata, 1, 1, "int64[n] positions").shape().getFirst() > 1
                  ? Positions.EACH
                  : Positions.FIRST;
          default ->
              throw wrong(
                  "inputs",
                  "tokens and positions; an IoManager of your own can serve others",
                  metadata.inputs().toString());
        };
  }

  private TensorInfo require(MethodMetadata metadata, int input, int rank, String expected) {
    List<MethodMetadata.ValueInfo> inputs = metadata.inputs();
    if (input < inputs.size()
        && inputs.get(input).tensor().isPresent()
        && inputs.get(input).tensor().get().dtype() == DType.INT64
        && inputs.get(input).tensor().get().shape().size() == rank) {
      return inputs.get(input).tensor().get();
    }
    throw wrong("input " + input, expected, inputs.toString());
  }

  private InvalidInputException wrong(String argument, String expected, String found) {
    return new InvalidInputException(method, argument, expected, found);
  }

  @Override
  public List<EValue> prepare(Tensor tokens, int position) {
    long count = tokens.size(1);
    return switch (positions) {
      case NONE -> List.of(EValue.from(tokens));
      case FIRST ->
          List.of(EValue.from(tokens), EValue.from(Tensor.of(new long[] {position})));
      case EACH ->
          List.of(
              EValue.from(tokens),
              EValue.from(Tensor.of(LongStream.range(position, position + count).toArray())));
    };
  }

  @Override
  public Tensor update(List<EValue> outputs, int count) {
    return outputs.getFirst().toTensor();
  }

  /** Does nothing: the method's caches are hidden by positions. */
  @Override
  public void reset() {}

  /** Does nothing: there is nothing beside the method's own state. */
  @Override
  public void copyFrom(IoManager other) {}
}
