package dev.sconce.runtime.internal.operator.llama;

import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.aten.Operands;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.slot.TensorSlot;

/**
 * The gated delta rule of linear attention, token by token, on a state S of keys × values:
 *
 * <pre>
 * S ← decay · S        (one decay for a token, or one for each channel of its key)
 * e ← (v − Sᵀ k) · beta
 * S ← S + k eᵀ
 * o ← Sᵀ q
 * </pre>
 */
public final class LinearAttentionOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    RuledTable table = new RuledTable(plain);
    table.add("llama::gated_delta_rule.out", LinearAttentionOperators::bind);
    table.add("llama::channelwise_gated_delta_rule.out", LinearAttentionOperators::bind);
    table.add("llama::fast_hadamard_transform.out", LinearAttentionOperators::bindHadamard);
  }

  private static Step bind(OperatorCall call) {
    TensorSlot query = call.tensor(0);
    TensorSlot key = call.tensor(1);
    TensorSlot value = call.tensor(2);
    TensorSlot decay = call.tensor(3);
    TensorSlot beta = call.tensor(4);
    TensorSlot initial = call.tensor(5);
    TensorSlot out = call.tensor(6);
    TensorSlot last = call.tensor(7);
    return context -> {
      check(query, key, value, decay, beta, initial);
      int heads = key.size(1);
      int shared = query.size(1) / heads;
      int keys = key.size(3);
      int values = value.size(3);
      double[] state = new double[Math.multiplyExact(keys, values)];
      Elements start = Elements.of(initial);
      Elements end = Elements.of(last);
      for (int batch = 0; batch < key.size(0); batch++) {
        for (int head = 0; head < heads; head++) {
          long stateAt = (long) (batch * heads + head) * state.length;
          for (int i = 0; i < state.length; i++) {
            state[i] = start.getDouble(stateAt + i);
          }
          for (int token = 0; token < key.size(2); token++) {
            decay(state, decay, batch, head, token, keys, values);
            learn(state, key, value, beta, batch, head, token);
            for (int h = head * shared; h < (head + 1) * shared; h++) {
              answer(state, query, out, batch, h, token);
            }
          }
          for (int i = 0; i < state.length; i++) {
            end.setDouble(stateAt + i, state[i]);
          }
        }
      }
    };
  }

  private static void check(
      TensorSlot query,
      TensorSlot key,
      TensorSlot value,
      TensorSlot decay,
      TensorSlot beta,
      TensorSlot initial) {
    Operands.requireRank("key", key, 4);
    Operands.requireRank("query", query, 4);
    Operands.requireRank("value", value, 4);
    Operands.requireRank("beta", beta, 3);
    Operands.requireRank("initial_state", initial, 4);
    if (decay.rank() != 3 && decay.rank() != 4) {
      throw OperatorFailure.of("decay: expected 3 or 4 dimensions, found %s", decay);
    }
    for (int dim : new int[] {0, 2, 3}) {
      Operands.requireSize("query", query, dim, key.size(dim));
    }
    for (int dim = 0; dim < 3; dim++) {
      Operands.requireSize("value", value, dim, key.size(dim));
      Operands.requireSize("decay", decay, dim, key.size(dim));
      Operands.requireSize("beta", beta, dim, key.size(dim));
    }
    if (decay.rank() == 4) {
      Operands.requireSize("decay", decay, 3, key.size(3));
    }
    Operands.requireSize("initial_state", initial, 0, key.size(0));
    Operands.requireSize("initial_state", initial, 1, key.size(1));
    Operands.requireSize("initial_state", initial, 2, key.size(3));
    Operands.requireSize("initial_state", initial, 3, value.size(3));
    if (key.size(1) == 0 || query.size(1) % key.size(1) != 0) {
      throw OperatorFailure.of(
          "query: expected heads in multiples of the %d of key, found %s", key.size(1), query);
    }
    for (TensorSlot tensor : new TensorSlot[] {query, key, value, decay, beta, initial}) {
      if (!tensor.isContiguous()) {
        throw OperatorFailure.of("expected row-major elements, found %s", tensor);
      }
    }
  }

  private static long offset(TensorSlot tensor, int batch, int head, int token) {
    return batch * tensor.stride(0) + head * tensor.stride(1) + token * tensor.stride(2);
  }

  private static void decay(
      double[] state, TensorSlot decay, int batch, int head, int token, int keys, int values) {
    Elements elements = Elements.of(decay);
    long at = offset(decay, batch, head, token);
    for (int k = 0; k < keys; k++) {
      double factor = elements.getDouble(at + (decay.rank() == 4 ? k : 0));
      for (int v = 0; v < values; v++) {
        state[k * values + v] *= factor;
      }
    }
  }

  private static void learn(
      double[] state,
      TensorSlot key,
      TensorSlot value,
      TensorSlot beta,
      int batch,
      int head,
      int token) {
    int keys = key.size(3);
    int values = value.size(3);
    Elements keyElements = Elements.of(key);
    Elements valueElements = Elements.of(value);
    long keyAt = offset(key, batch, head, token);
    long valueAt = offset(value, batch, head, token);
    double rate = Elements.of(beta).getDouble(offset(beta, batch, head, token));
    for (int v = 0; v < values; v++) {
      double known = 0;
      for (int k = 0; k < keys; k++) {
        known += state[k * values + v] * keyElements.getDouble(keyAt + k);
      }
      double error = (valueElements.getDouble(valueAt + v) - known) * rate;
      for (int k = 0; k < keys; k++) {
        state[k * values + v] += keyElements.getDouble(keyAt + k) * error;
      }
    }
  }

  private static void answer(
      double[] state, TensorSlot query, TensorSlot out, int batch, int head, int token) {
    int keys = query.size(3);
    int values = out.size(3);
    Elements queries = Elements.of(query);
    Elements target = Elements.of(out);
    long queryAt = offset(query, batch, head, token);
    long outAt = offset(out, batch, head, token);
    for (int v = 0; v < values; v++) {
      double sum = 0;
      for (int k = 0; k < keys; k++) {
        sum += state[k * values + v] * queries.getDouble(queryAt + k);
      }
      target.setDouble(outAt + v, sum);
    }
  }

  private static Step bindHadamard(OperatorCall call) {
    TensorSlot mat = call.tensor(0);
    TensorSlot out = call.tensor(1);
    return context -> {
      Operands.requireMinimumRank("mat", mat, 1);
      if (!mat.isContiguous() || !out.isContiguous()) {
        throw OperatorFailure.of("mat: expected row-major elements, found %s", mat);
      }
      Elements source = Elements.of(mat);
      Elements target = Elements.of(out);
      int size = mat.size(mat.rank() - 1);
      double[] row = new double[size];
      for (long start = 0; start < mat.numel(); start += size) {
        for (int i = 0; i < size; i++) {
          row[i] = source.getDouble(start + i);
        }
        Hadamard.transform(row);
        for (int i = 0; i < size; i++) {
          target.setDouble(start + i, row[i]);
        }
      }
    };
  }
}
