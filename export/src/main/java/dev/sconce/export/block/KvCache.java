package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * The keys and values of a layer's past tokens, kept from call to call.
 *
 * @param keys {@code [rows, slots, heads, headDim]}
 * @param values {@code [rows, slots, heads, headDim]}
 */
public record KvCache(Value keys, Value values) {

  static KvCache create(Blocks blocks, String name, Dim rows, int slots, int heads, int headDim) {
    DType dtype = blocks.options().dtype();
    Type.TensorType type =
        new Type.TensorType(dtype, List.of(rows, Dim.of(slots), Dim.of(heads), Dim.of(headDim)));
    return new KvCache(
        blocks.builder().buffer(name + ".keys", type),
        blocks.builder().buffer(name + ".values", type));
  }

  /** Writes the storing of new tokens at their positions. */
  void store(Blocks blocks, DecoderInput input, Value newKeys, Value newValues) {
    if (blocks.options().customCache() && input.rows().equals(Dim.ONE)) {
      storeAt(blocks, input.start(), newKeys, newValues);
    } else {
      put(blocks, input.columns(), newKeys, newValues);
    }
  }

  /** Writes the storing of consecutive tokens of every row by the custom operator. */
  void storeAt(Blocks blocks, Value start, Value newKeys, Value newValues) {
    for (Stored stored : stored(newKeys, newValues)) {
      // Its out tensor is a placeholder that nothing reads.
      blocks
          .builder()
          .callTyped(
              "llama::update_cache.out",
              List.of(Operand.of(stored.fresh()), Operand.of(stored.cache()), Operand.of(start)),
              Type.TensorType.of(DType.FLOAT32, 1));
    }
  }

  /** Writes the storing of the newest tokens in a ring. */
  void storeInRing(Blocks blocks, DecoderInput input, int window, Value newKeys, Value newValues) {
    Author a = blocks.author();
    var count = input.ringCount(window);
    put(
        blocks,
        input.ringSlots(window),
        a.lastUpTo(newKeys, 1, window, count),
        a.lastUpTo(newValues, 1, window, count));
  }

  private void put(Blocks blocks, Value slots, Value newKeys, Value newValues) {
    Operand indices = new Operand.ListOf(List.of(Operand.none(), Operand.of(slots)));
    for (Stored stored : stored(newKeys, newValues)) {
      blocks
          .builder()
          .callInPlace(
              "aten::index_put_",
              Operand.of(stored.cache()),
              indices,
              Operand.of(stored.fresh()),
              Operand.of(false));
    }
  }

  private record Stored(Value fresh, Value cache) {}

  private List<Stored> stored(Value newKeys, Value newValues) {
    return List.of(new Stored(newKeys, keys), new Stored(newValues, values));
  }
}
