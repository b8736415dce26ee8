package dev.sconce.format.safetensors;

import java.util.List;

/**
 * What a safetensors header says of one tensor.
 *
 * @param name the tensor's name, unique in its file
 * @param type the element type
 * @param shape the sizes, outermost first; elements are stored row-major, little-endian
 * @param begin where its data begin, counted from the end of the header
 * @param end where its data end
 */
public record TensorInfo(
    String name, SafetensorsType type, List<Long> shape, long begin, long end) {

  /** Creates the record with a copy of the shape. */
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** Returns the number of elements. */
  public long elements() {
    long count = 1;
    for (long size : shape) {
      count = Math.multiplyExact(count, size);
    }
    return count;
  }

  /** Returns the size of the data in bytes. */
  public long byteSize() {
    return end - begin;
  }
}
