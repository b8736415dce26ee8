package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.kernels.Kernels;
import dev.sconce.runtime.internal.delegate.DelegateCall;
import dev.sconce.runtime.internal.delegate.PreparedDelegate;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.xnnpack.PlannedValue.Role;
import java.util.List;

/**
 * What a blob became: values and nodes in the order of their execution. Shared by all methods.
 *
 * @param values the values, by index
 * @param nodes the nodes
 * @param aliasOf for each value, the value in whose memory it lies; itself if it has its own
 * @param kernels what computes
 */
record GraphPlan(List<PlannedValue> values, List<PlannedNode> nodes, Ints aliasOf, Kernels kernels)
    implements PreparedDelegate {

  GraphPlan {
    values = List.copyOf(values);
    nodes = List.copyOf(nodes);
  }

  @Override
  public Step bind(DelegateCall call) {
    return new GraphCall(this, call);
  }

  @Override
  public boolean overwrites(int position) {
    return values.stream()
        .anyMatch(v -> v.role() instanceof Role.Output(int argument) && argument == position);
  }
}
