package dev.sconce.generate.runner.internal;

import dev.sconce.base.DType;
import dev.sconce.runtime.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What an encoder made of some sources, by the names that the decoder's inputs have.
 *
 * @param rows how many sources there are
 * @param tensors the mask and the encoder's outputs; sources are rows of the first dimension
 */
record EncodedSource(int rows, Map<String, Tensor> tensors) {

  EncodedSource {
    tensors = Map.copyOf(tensors);
  }

  /** Returns a copy with memory of its own. */
  EncodedSource copy() {
    return new EncodedSource(rows, each(Tensor::copy));
  }

  /** Returns some of the sources, with memory of their own. */
  EncodedSource select(int[] which) {
    return new EncodedSource(which.length, each(tensor -> select(tensor, which)));
  }

  private Map<String, Tensor> each(UnaryOperator<Tensor> change) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> changed.put(name, change.apply(tensor)));
    return changed;
  }

  private static Tensor select(Tensor tensor, int[] which) {
    DType dtype = tensor.dtype();
    long[] shape = tensor.shape();
    long row = tensor.memory().byteSize() / shape[0];
    shape[0] = which.length;
    MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, row * which.length), 64);
    for (int i = 0; i < which.length; i++) {
      MemorySegment.copy(tensor.memory(), which[i] * row, memory, i * row, row);
    }
    return Tensor.ofSegment(dtype, memory.asSlice(0, row * which.length), shape);
  }
}
