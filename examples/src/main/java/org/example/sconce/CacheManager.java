package org.example.sconce;

import dev.sconce.generate.runner.IoManager;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.MethodMetadata;
import dev.sconce.runtime.Tensor;
import dev.sconce.runtime.TensorInfo;
import java.util.List;

/**
 * Runs programs whose cache is an input and an output:
 *
 * <pre>
 *   forward(tokens int64[1, 1], position int64[1], cache float32[C, D]) → logits, cache
 * </pre>
 *
 * <p>This manager keeps the cache between calls, so that each batch row, beam and fork has its own.
 */
final class CacheManager implements IoManager {

  private final Tensor cache;

  CacheManager(List<MethodMetadata> methods) {
    TensorInfo declared = methods.getFirst().inputs().get(2).tensor().orElseThrow();
    cache =
        Tensor.zeros(
            declared.dtype(), declared.shape().stream().mapToLong(Integer::longValue).toArray());
  }

  @Override
  public List<EValue> prepare(MethodMetadata method, Tensor tokens, int position) {
    return List.of(
        EValue.from(tokens), EValue.from(Tensor.of(new long[] {position})), EValue.from(cache));
  }

  @Override
  public Tensor update(MethodMetadata method, List<EValue> outputs, int count) {
    // The output is the method's memory, which its next execution overwrites.
    cache.memory().copyFrom(outputs.get(1).toTensor().memory());
    return outputs.get(0).toTensor();
  }

  /** Keeps as many as asked: what lies beyond is overwritten before the program looks there. */
  @Override
  public int rewind(int length) {
    return length;
  }

  @Override
  public void copyFrom(IoManager other) {
    cache.memory().copyFrom(((CacheManager) other).cache.memory());
  }

  @Override
  public List<Tensor> state() {
    return List.of(cache);
  }
}
