package dev.sconce.format.safetensors;

import java.util.List;

/**
 * A tensor that is to be written.
 *
 * @param name the tensor's name, unique in its file
 * @param type the element type
 * @param shape the sizes, outermost first
 */
public record TensorSpec(String name, SafetensorsType type, List<Long> shape) {

  /** Creates the record with a copy of the shape. */
  public TensorSpec {
    shape = List.copyOf(shape);
  }

  /** Returns what must be written to have this tensor again. */
  public static TensorSpec of(TensorInfo info) {
    return new TensorSpec(info.name(), info.type(), info.shape());
  }
}
