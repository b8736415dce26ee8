package dev.sconce.cli.internal.bench;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.runner.DefaultIoManager;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Method;
import dev.sconce.runtime.MethodMetadata.ValueInfo;
import dev.sconce.runtime.MethodMetadata.ValueKind;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import dev.sconce.runtime.TensorInfo;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A method that maps tokens and their positions to logits, in one of the two conventions: a
 * position for each token, or that of the first one.
 */
final class LanguageModel {

  private final Method method;
  private final int longestStep;
  private final boolean dynamic;
  private final boolean positionPerToken;

  private LanguageModel(Method method, TensorInfo tokens, TensorInfo positions) {
    this.method = method;
    this.longestStep = tokens.shape().get(1);
    this.dynamic = tokens.dynamic();
    this.positionPerToken = positions.shape().getFirst() > 1;
  }

  /** Returns the model in a method that {@link DefaultIoManager#suits}. */
  static LanguageModel of(Method method) {
    List<ValueInfo> inputs = method.metadata().inputs();
    return new LanguageModel(
        method, inputs.get(0).tensor().orElseThrow(), inputs.get(1).tensor().orElseThrow());
  }

  /** Returns how many tokens fit in the context, as the program says; by default one step's. */
  int contextLength(PteModule module) {
    for (String getter : List.of("get_max_context_len", "get_max_seq_len")) {
      if (module.methodNames().contains(getter)
          && module.metadata(getter).outputs().getFirst().kind() == ValueKind.INT) {
        return (int) Math.min(Integer.MAX_VALUE, module.execute(getter)[0].toInt());
      }
    }
    return longestStep;
  }

  /** Returns the size of the vocabulary. */
  int vocabulary() {
    return method.metadata().outputs().getFirst().tensor().orElseThrow().shape().getLast();
  }

  /**
   * Feeds tokens, in as few executions as the method allows.
   *
   * @param tokens what to feed
   * @param position the position of the first one
   * @return the logits of the last execution, valid until the next one
   */
  Tensor feed(long[] tokens, int position) {
    if (!dynamic && tokens.length % longestStep != 0) {
      throw new InvalidInputException(
          "method '" + method.name() + "'",
          "tokens",
          "a multiple of " + longestStep + ", since its shape is static",
          "" + tokens.length);
    }
    Optional<Tensor> logits = Optional.empty();
    for (int from = 0; from < tokens.length; from += longestStep) {
      int count = Math.min(longestStep, tokens.length - from);
      long[] chunk = LongStream.of(tokens).skip(from).limit(count).toArray();
      long first = (long) position + from;
      Tensor positions =
          positionPerToken
              ? Tensor.of(LongStream.range(first, first + count).toArray())
              : Tensor.of(new long[] {first});
      EValue[] outputs =
          method.execute(EValue.from(Tensor.of(chunk, 1, count)), EValue.from(positions));
      logits = Optional.of(outputs[0].toTensor());
    }
    return logits.orElseThrow();
  }
}
