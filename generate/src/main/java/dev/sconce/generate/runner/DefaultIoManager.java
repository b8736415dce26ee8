package dev.sconce.generate.runner;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.MethodMetadata;
import dev.sconce.runtime.MethodMetadata.ValueInfo;
import dev.sconce.runtime.Tensor;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Passes tokens and their positions to methods that keep their caches themselves.
 *
 * <p>Positions come in one of two conventions, told apart by the upper bound of the second input: a
 * position for each token, or that of the first one. A method with one input gets tokens only.
 */
public final class DefaultIoManager implements IoManager {

  /**
   * Creates a manager.
   *
   * @throws InvalidInputException if a method has other inputs or outputs
   */
  public DefaultIoManager(List<MethodMetadata> methods) {
    methods.forEach(DefaultIoManager::check);
  }

  /** Returns whether a method has the shape of a step of a language model with a cache. */
  public static boolean suits(MethodMetadata method) {
    List<ValueInfo> inputs = method.inputs();
    return inputs.size() == 2
        && method.outputs().size() == 1
        && is(inputs.get(0), 2)
        && is(inputs.get(1), 1)
        && method.outputs().getFirst().tensor().isPresent();
  }

  private static boolean is(ValueInfo value, int rank) {
    return value
        .tensor()
        .filter(t -> t.dtype() == DType.INT64 && t.shape().size() == rank)
        .isPresent();
  }

  private static void check(MethodMetadata method) {
    List<ValueInfo> inputs = method.inputs();
    boolean tokensFirst = !inputs.isEmpty() && inputs.getFirst().tensor().isPresent();
    boolean positionsNext = inputs.size() < 2 || is(inputs.get(1), 1);
    if (!tokensFirst || !positionsNext || inputs.size() > 2) {
      throw wrong(
          method,
          "inputs",
          "tokens and int64 positions (encoder-decoder programs: Seq2SeqRunner, sconce translate;"
              + " others: an IoManager of your own)",
          inputs.toString());
    }
    if (method.outputs().size() != 1 || method.outputs().getFirst().tensor().isEmpty()) {
      throw wrong(
          method,
          "outputs",
          "logits; an IoManager of your own can serve others",
          method.outputs().toString());
    }
  }

  private static InvalidInputException wrong(
      MethodMetadata method, String argument, String expected, String found) {
    return new InvalidInputException("method '" + method.name() + "'", argument, expected, found);
  }

  @Override
  public List<EValue> prepare(MethodMetadata method, Tensor tokens, int position) {
    EValue first = EValue.from(tokens);
    if (method.inputs().size() == 1) {
      return List.of(first);
    }
    int most = method.inputs().get(1).tensor().orElseThrow().shape().getFirst();
    long count = most > 1 ? tokens.size(1) : 1;
    long[] positions = LongStream.range(position, position + count).toArray();
    return List.of(first, EValue.from(Tensor.of(positions)));
  }

  @Override
  public Tensor update(MethodMetadata method, List<EValue> outputs, int count) {
    return outputs.getFirst().toTensor();
  }

  /** Keeps as many as asked: the methods' caches are hidden by positions. */
  @Override
  public int rewind(int length) {
    return length;
  }

  /** Does nothing: there is nothing beside the methods' own state. */
  @Override
  public void copyFrom(IoManager other) {}

  @Override
  public List<Tensor> state() {
    return List.of();
  }
}
