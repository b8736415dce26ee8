package dev.sconce.generate.runner.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.runtime.MethodMetadata;
import dev.sconce.runtime.TensorInfo;
import java.util.List;

/**
 * A method that takes tokens and gives logits.
 *
 * @param metadata what the program says of it
 * @param longest how many tokens a call takes at most
 * @param dynamic whether a call may bring fewer
 * @param logitsOfAll whether it gives logits for every token that is passed, not only the last
 */
record StepMethod(MethodMetadata metadata, int longest, boolean dynamic, boolean logitsOfAll) {

  static StepMethod of(MethodMetadata metadata, int limit) {
    TensorInfo tokens = tokens(metadata);
    int bound = tokens.shape().get(1);
    int longest = tokens.dynamic() ? Math.min(bound, limit) : bound;
    List<Integer> logits = logits(metadata).shape();
    boolean all = logits.size() == 3 && logits.get(1) == bound;
    return new StepMethod(metadata, longest, tokens.dynamic(), all);
  }

  /** Returns the first input: tokens, or vectors in their place. */
  private static TensorInfo tokens(MethodMetadata metadata) {
    return metadata.inputs().stream()
        .findFirst()
        .flatMap(MethodMetadata.ValueInfo::tensor)
        .filter(t -> t.shape().size() >= 2 && t.shape().getFirst() == 1 && t.shape().get(1) > 0)
        .orElseThrow(
            () -> wrong(metadata, "input 0", "tokens [1, n]", metadata.inputs().toString()));
  }

  /** Returns the first output that can be logits: the one whose last dimension is a vocabulary. */
  static TensorInfo logits(MethodMetadata metadata) {
    return metadata.outputs().stream()
        .findFirst()
        .flatMap(MethodMetadata.ValueInfo::tensor)
        .filter(t -> t.dtype().isFloating() && t.shape().size() >= 2)
        .orElseThrow(
            () -> wrong(metadata, "output 0", "logits [1, n, V]", metadata.outputs().toString()));
  }

  int vocabulary() {
    return logits(metadata).shape().getLast();
  }

  private static InvalidInputException wrong(
      MethodMetadata metadata, String argument, String expected, String found) {
    return new InvalidInputException("method '" + metadata.name() + "'", argument, expected, found);
  }

  String name() {
    return metadata.name();
  }
}
