package dev.sconce.runtime.internal.operator.llama;

import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.aten.Operands;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.View;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;

/** Writing keys and values of new tokens into caches of layout [batch, position, head, channel]. */
public final class CacheOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.addUntyped(
        "llama::update_cache.out",
        call -> {
          TensorSlot value = call.tensor(0);
          TensorSlot cache = call.tensor(1);
          ScalarSlot start = call.integer(2);
          return context -> update(value, cache, start.longValue());
        });
    table.addUntyped("llama::update_cache_with_indices.out", CacheOperators::bindWithIndices);
    // A placeholder that does nothing but hand its argument on.
    table.addUntyped(
        "llama::fallback.out",
        call -> {
          TensorSlot input = call.tensor(0);
          TensorSlot output = call.tensor(1);
          return context -> View.of(input).copyTo(View.of(output));
        });
  }

  private static void check(TensorSlot value, TensorSlot cache) {
    Operands.requireRank("value", value, 4);
    Operands.requireRank("cache", cache, 4);
    Operands.requireType("value", value, cache.dtype());
    for (int dim : new int[] {0, 2, 3}) {
      Operands.requireSize("value", value, dim, cache.size(dim));
    }
  }

  /** Writes tokens at consecutive positions; nothing is written unless all of them fit. */
  static void update(TensorSlot value, TensorSlot cache, long start) {
    check(value, cache);
    long length = value.size(1);
    if (start < 0 || start > cache.size(1) - length) {
      throw OperatorFailure.of(
          "start_pos: expected %d tokens to fit in a cache of %d, found position %d",
          length, cache.size(1), start);
    }
    View.of(value).copyTo(View.of(cache).slice(1, start, length, 1));
  }

  private static Step bindWithIndices(OperatorCall call) {
    TensorSlot value = call.tensor(0);
    TensorSlot cache = call.tensor(1);
    TensorSlot indices = call.tensor(3);
    return context -> {
      check(value, cache);
      Operands.requireRank("indices", indices, 2);
      Operands.requireIndices("indices", indices);
      Operands.requireSize("indices", indices, 0, value.size(0));
      Operands.requireSize("indices", indices, 1, value.size(1));
      Elements positions = Elements.of(indices);
      for (boolean write : new boolean[] {false, true}) {
        // First look at all positions, then write: a bad one leaves the cache as it was.
        for (int row = 0; row < value.size(0); row++) {
          for (int token = 0; token < value.size(1); token++) {
            long index = row * indices.stride(0) + token * indices.stride(1);
            long position = Operands.exactIndex("cache", positions.getLong(index), cache.size(1));
            if (write) {
              View.of(value)
                  .select(0, row)
                  .select(0, token)
                  .copyTo(View.of(cache).select(0, row).select(0, position));
            }
          }
        }
      }
    };
  }
}
