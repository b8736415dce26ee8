package dev.sconce.export.task;

import dev.sconce.runtime.EValue;
import java.util.List;

/**
 * A call of a method with sample inputs, by which a written program is checked.
 *
 * @param method the method's name
 * @param inputs its inputs
 */
public record SampleCall(String method, List<Input> inputs) {

  /** Copies the list. */
  public SampleCall {
    inputs = List.copyOf(inputs);
  }

  /** Returns a call whose inputs are known. */
  public static SampleCall of(String method, List<EValue> values) {
    return new SampleCall(method, values.stream().<Input>map(Given::new).toList());
  }

  /** What a method is given. */
  public sealed interface Input {}

  /** A value. */
  public record Given(EValue value) implements Input {}

  /**
   * What the reference made of an earlier call, so that each method is checked by itself.
   *
   * @param call the number of the call, from 0
   * @param output the number of the output, from 0
   */
  public record Made(int call, int output) implements Input {}
}
