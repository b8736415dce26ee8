package dev.sconce.runtime.verify;

import dev.sconce.runtime.EValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call and its answer.
 *
 * @param method the method to call
 * @param inputs its inputs
 * @param outputs what it should return; tensors as logical values
 * @param outputDimOrders the order in memory of each output; null where any will do
 */
record RecordedCall(
    String method,
    List<EValue> inputs,
    List<EValue> outputs,
    List<@Nullable List<Integer>> outputDimOrders) {}
