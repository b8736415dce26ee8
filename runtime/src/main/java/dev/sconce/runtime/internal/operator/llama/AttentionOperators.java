package dev.sconce.runtime.internal.operator.llama;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.UnsupportedCall;
import dev.sconce.runtime.internal.operator.aten.Operands;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import org.jspecify.annotations.Nullable;

/** Scaled dot-product attention over caches. */
public final class AttentionOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add("llama::custom_sdpa.out", call -> bind(call, call.tensor(8), null, null));
    table.add("llama::sdpa_with_kv_cache.out", AttentionOperators::bindWithCache);
    table.add("llama::custom_quantized_sdpa.out", AttentionOperators::bindQuantized);
  }

  /**
   * Binds attention with the arguments query, key, value, start_pos, attn_mask, dropout_p,
   * is_causal, scale.
   */
  private static Step bind(
      OperatorCall call,
      TensorSlot out,
      @Nullable Quantization quantization,
      @Nullable ScalarSlot sequenceSecond) {
    TensorSlot query = call.tensor(0);
    TensorSlot key = call.tensor(1);
    TensorSlot value = call.tensor(2);
    ScalarSlot start = call.integer(3);
    TensorSlot mask = call.optionalTensor(4);
    ScalarSlot causal = call.bool(6);
    ScalarSlot scale = call.optionalNumber(7);
    if (query.dtype() != key.dtype() || query.dtype() != value.dtype()) {
      throw new UnsupportedCall(
          "attention of %s, %s and %s".formatted(query.dtype(), key.dtype(), value.dtype()));
    }
    if (mask != null && mask.dtype() != DType.FLOAT32) {
      throw new UnsupportedCall("an attention mask of dtype " + mask.dtype());
    }
    return context -> {
      if (mask != null && causal.boolValue()) {
        throw new OperatorFailure("is_causal: expected false with an attn_mask, found true");
      }
      int sequence = sequenceSecond != null && sequenceSecond.boolValue() ? 2 : 1;
      new Attention(query, key, value, sequence, quantization, call.kernels())
          .attend(mask, start.longValue(), causal.boolValue(), scale, out);
    };
  }

  private static Step bindWithCache(OperatorCall call) {
    TensorSlot key = call.tensor(1);
    TensorSlot value = call.tensor(2);
    TensorSlot keyCache = call.tensor(3);
    TensorSlot valueCache = call.tensor(4);
    ScalarSlot start = call.integer(5);
    // Between start_pos and the mask stands seq_len, which says what the shape of key says.
    ScalarSlot length = call.integer(6);
    TensorSlot query = call.tensor(0);
    TensorSlot mask = call.optionalTensor(7);
    ScalarSlot causal = call.bool(9);
    ScalarSlot scale = call.optionalNumber(10);
    TensorSlot out = call.tensor(11);
    return context -> {
      if (mask != null && causal.boolValue()) {
        throw new OperatorFailure("is_causal: expected false with an attn_mask, found true");
      }
      Operands.requireRank("key", key, 4);
      if (length.longValue() != key.size(1)) {
        throw OperatorFailure.of(
            "seq_len: expected the %d of key, found %d", key.size(1), length.longValue());
      }
      CacheOperators.update(key, keyCache, start.longValue());
      CacheOperators.update(value, valueCache, start.longValue());
      new Attention(query, keyCache, valueCache, 1, null, call.kernels())
          .attend(mask, start.longValue(), causal.boolValue(), scale, out);
    };
  }

  private static Step bindQuantized(OperatorCall call) {
    boolean quantized = call.tensor(0).dtype() == DType.INT8;
    Quantization quantization =
        quantized
            ? new Quantization(
                parameter(call, 8),
                parameter(call, 9),
                parameter(call, 10),
                parameter(call, 11),
                parameter(call, 12),
                parameter(call, 13))
            : null;
    return bind(call, call.tensor(15), quantization, call.bool(14));
  }

  private static TensorSlot parameter(OperatorCall call, int position) {
    TensorSlot tensor = call.optionalTensor(position);
    if (tensor == null) {
      throw new UnsupportedCall("quantized attention without scales and zero points");
    }
    return tensor;
  }

  /** Zero points and scales of query, key and value, by token and head. */
  record Quantization(
      TensorSlot queryZeroPoints,
      TensorSlot queryScales,
      TensorSlot keyZeroPoints,
      TensorSlot keyScales,
      TensorSlot valueZeroPoints,
      TensorSlot valueScales) {}
}
