package dev.sconce.export.block;

import dev.sconce.base.DType;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * Causal attention of one row by ExecuTorch's operators, where several query heads share a key
 * head.
 *
 * <p>Key heads stand in the place of rows: so the keys of one head lie together, and for a single
 * new token its query heads can stand in the place of tokens. Then the operator reads keys and
 * values once for all of them, where it would read them once for each.
 *
 * <pre>
 * queries [groups, S, shared, d]      caches [groups, slots, 1, d]
 *
 * S = 1:  sdpa(queries as [groups, shared, 1, d], caches, all keys up to the new one)
 * S > 1:  sdpa(queries, caches, causal)
 * </pre>
 *
 * <p>Without a mask the operator takes {@code start_pos + tokens} keys, be it causal or not.
 */
final class GroupedAttention {

  private final Attention attention;
  private final Blocks blocks;
  private final DecoderInput input;

  private GroupedAttention(Attention attention, Blocks blocks, DecoderInput input) {
    this.attention = attention;
    this.blocks = blocks;
    this.input = input;
  }

  /** Returns whether an attention over all tokens can be and is worth being written so. */
  static boolean suits(Attention attention, Blocks blocks, DecoderInput input) {
    BlockOptions options = blocks.options();
    // XNNPACK moves heads to the place of rows in these types; portable kernels are slow at it.
    boolean movable = options.dtype() == DType.FLOAT32 || options.dtype() == DType.FLOAT16;
    return options.customAttention()
        && options.customCache()
        && movable
        && attention.softcap() == 0
        && attention.heads() > attention.groups()
        && input.rows().equals(Dim.ONE)
        && !input.masksRows();
  }

  /**
   * Writes the mixing of values over a full cache.
   *
   * @return {@code [S, groups, shared, d]}
   */
  static Value apply(
      Attention attention, Blocks blocks, DecoderInput input, String name, AttentionHeads fresh) {
    return new GroupedAttention(attention, blocks, input).mixed(name, fresh);
  }

  private Value mixed(String name, AttentionHeads fresh) {
    Author a = blocks.author();
    Dim length = input.length();
    Dim groups = Dim.of(attention.groups());
    Dim d = Dim.of(attention.headDim());
    KvCache cache = KvCache.create(blocks, name, groups, input.capacity(), 1, attention.headDim());
    input.noted(cache);
    cache.storeAt(blocks, input.start(), ofGroups(fresh.keys()), ofGroups(fresh.values()));
    Value keys = cache.keys();
    Rotary rotary = attention.rotary();
    if (rotary != null && rotary.lengthDependent()) {
      keys = rotary.turn(blocks, keys, input.cacheAngles(rotary));
    }
    Value queries = a.permute(a.view(fresh.queries(), length, groups, shared(), d), 1, 0, 2, 3);
    return a.permute(attend(queries, keys, cache.values()), 1, 0, 2, 3);
  }

  /** Returns {@code [1, S, groups, d]} as {@code [groups, S, 1, d]}. */
  private Value ofGroups(Value heads) {
    return blocks.author().permute(heads, 2, 1, 0, 3);
  }

  private Dim shared() {
    return Dim.of(attention.heads() / attention.groups());
  }

  private Value attend(Value queries, Value keys, Value values) {
    if (input.length().equals(Dim.ONE)) {
      return ofOneToken(queries, keys, values);
    }
    Value single = input.isSingle();
    // What a region derives is not known after it.
    input.startOfGroup(shared().value());
    return blocks
        .builder()
        .branch(
            single,
            () -> List.of(Operand.of(ofOneToken(queries, keys, values))),
            () ->
                List.of(
                    Operand.of(
                        CustomAttention.mix(
                            blocks,
                            queries,
                            keys,
                            values,
                            Operand.of(input.start()),
                            Operand.none(),
                            true,
                            attention.scale()))))
        .getFirst();
  }

  private Value ofOneToken(Value queries, Value keys, Value values) {
    Author a = blocks.author();
    Dim groups = Dim.of(attention.groups());
    Dim d = Dim.of(attention.headDim());
    List<Dim> tokens = List.of(groups, shared(), Dim.ONE, d);
    Value asTokens =
        a.reshaped(queries, tokens, new Type.TensorType(queries.tensorType().dtype(), tokens));
    Value start = input.startOfGroup(shared().value());
    Value mixed =
        CustomAttention.mix(
            blocks,
            asTokens,
            keys,
            values,
            Operand.of(start),
            Operand.none(),
            false,
            attention.scale());
    return a.reshaped(mixed, List.of(groups, Dim.ONE, shared(), d), queries.tensorType());
  }
}
