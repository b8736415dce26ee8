package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * The keys and values of a layer's past tokens, for several rows. A token stays in the slot where
 * it was stored; {@link TargetInput#slots} says which slots are a row's past.
 *
 * @param keys {@code [1, rows · positions, heads, d]}
 * @param values {@code [1, rows · positions, heads, d]}
 */
record RowCache(Value keys, Value values) {

  static RowCache create(Blocks blocks, TargetInput input, String name, int heads, int headDim) {
    int slots = Math.multiplyExact(input.maxRows(), input.capacity());
    Type.TensorType type = Type.TensorType.of(blocks.options().dtype(), 1, slots, heads, headDim);
    return new RowCache(
        blocks.builder().buffer(name + ".keys", type),
        blocks.builder().buffer(name + ".values", type));
  }

  /** Writes the storing of new tokens, {@code [R, T, heads · d]} each. */
  void store(Blocks blocks, TargetInput input, Value newKeys, Value newValues) {
    put(blocks, input, newKeys, keys);
    put(blocks, input, newValues, values);
  }

  private static void put(Blocks blocks, TargetInput input, Value fresh, Value cache) {
    Type.TensorType type = cache.tensorType();
    Dim count = input.rows().times(input.length());
    Value tokens = blocks.author().view(fresh, Dim.ONE, count, type.dim(2), type.dim(3));
    if (!blocks.options().customCache()) {
      blocks
          .builder()
          .callInPlace(
              "aten::index_put_",
              Operand.of(cache),
              new Operand.ListOf(List.of(Operand.none(), Operand.of(input.newSlots()))),
              Operand.of(tokens),
              Operand.of(false));
      return;
    }
    // The out tensor of both is a placeholder that nothing reads.
    Type.TensorType placeholder = Type.TensorType.of(DType.FLOAT32, 1);
    if (input.maxRows() == 1) {
      blocks
          .builder()
          .callTyped(
              "llama::update_cache.out",
              List.of(Operand.of(tokens), Operand.of(cache), Operand.of(input.start())),
              placeholder);
      return;
    }
    Value slots = blocks.author().view(input.newSlots(), Dim.ONE, count);
    blocks
        .builder()
        .callTyped(
            "llama::update_cache_with_indices.out",
            List.of(Operand.of(tokens), Operand.of(cache), Operand.of(0), Operand.of(slots)),
            placeholder);
  }

  /** Returns the keys that rows see, {@code [R, P, heads, d]}. */
  Value keysSeen(Blocks blocks, TargetInput input) {
    return seen(blocks, input, keys);
  }

  /** Returns the values that rows see, {@code [R, P, heads, d]}. */
  Value valuesSeen(Blocks blocks, TargetInput input) {
    return seen(blocks, input, values);
  }

  private static Value seen(Blocks blocks, TargetInput input, Value cache) {
    Author a = blocks.author();
    if (input.maxRows() == 1) {
      return a.slice(cache, 1, Operand.of(0), a.operand(input.seen()));
    }
    Type.TensorType type = cache.tensorType();
    Value picked =
        blocks
            .builder()
            .call(
                "aten::index_select.out",
                Operand.of(cache),
                Operand.of(1),
                Operand.of(input.slots()));
    return a.view(picked, input.rows(), input.seen(), type.dim(2), type.dim(3));
  }
}
