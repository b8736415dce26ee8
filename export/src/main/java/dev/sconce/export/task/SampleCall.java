package dev.sconce.export.task;

import dev.sconce.runtime.EValue;
import java.util.List;

/**
 * A call of a method with sample inputs, by which a written program is checked.
 *
 * @param method the method's name
 * @param inputs its inputs
 */
public record SampleCall(String method, List<EValue> inputs) {

  /** Copies the list. */
  public SampleCall {
    inputs = List.copyOf(inputs);
  }
}
