package dev.sconce.graph.emit;

import dev.sconce.format.pte.PteValue.Allocation;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.graph.memory.Lifetimes;
import dev.sconce.graph.memory.MemoryPlanner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the tensors of a method lie: activations in memory 1, reused over time; buffers in a memory
 * of the method's own, which no other method's arena overlays.
 */
final class TensorPlacement {

  static final int ACTIVATIONS = 1;

  private static final long ALIGNMENT = 16;

  /** XNNPACK's kernels may read past the end of a tensor. */
  private static final long XNNPACK_PADDING = 64;

  private final Map<Value, Allocation> allocations = new HashMap<>();
  private final Lifetimes lifetimes;
  private final long activationSize;
  private final long stateSize;

  TensorPlacement(Graph graph, int stateMemory) {
    this.lifetimes = Lifetimes.of(graph);
    MemoryPlanner planner = new MemoryPlanner(ALIGNMENT);
    Set<Value> planned = new LinkedHashSet<>();
    collect(graph.nodes(), planned);
    this.activationSize =
        place(planner, List.copyOf(planned), ACTIVATIONS, false)
            + (hasDelegate(graph.nodes()) ? XNNPACK_PADDING : 0);
    this.stateSize = place(planner, graph.buffers(), stateMemory, true);
  }

  private long place(MemoryPlanner planner, List<Value> values, int memory, boolean forever) {
    List<MemoryPlanner.Block> blocks = new ArrayList<>();
    for (Value value : values) {
      long size = value.tensorType().maxBytes();
      blocks.add(
          forever
              ? new MemoryPlanner.Block(size, 0, Integer.MAX_VALUE)
              : new MemoryPlanner.Block(size, lifetimes.first(value), lifetimes.last(value)));
    }
    MemoryPlanner.Plan plan = planner.plan(blocks);
    for (int i = 0; i < values.size(); i++) {
      allocations.put(values.get(i), new Allocation(memory, plan.offsets().get(i)));
    }
    return plan.size();
  }

  private void collect(List<Node> nodes, Set<Value> planned) {
    for (Node node : nodes) {
      if (node instanceof Node.Branch branch) {
        collect(branch.then().nodes(), planned);
        collect(branch.otherwise().nodes(), planned);
      }
      if (node instanceof Node.Loop loop) {
        collect(loop.body().nodes(), planned);
      }
      for (Value result : node.results()) {
        if (result.type() instanceof Type.TensorType
            && result.kind() == Value.Kind.RESULT
            && lifetimes.root(result) == result) {
          planned.add(result);
        }
      }
    }
  }

  private static boolean hasDelegate(List<Node> nodes) {
    return nodes.stream()
        .anyMatch(
            node ->
                switch (node) {
                  case Node.Delegate _ -> true;
                  case Node.Branch branch ->
                      hasDelegate(branch.then().nodes()) || hasDelegate(branch.otherwise().nodes());
                  case Node.Loop loop -> hasDelegate(loop.body().nodes());
                  case Node.Call _, Node.Assign _ -> false;
                });
  }

  /** Returns the tensor whose memory a value lies in. */
  Value root(Value value) {
    return lifetimes.root(value);
  }

  /** Returns the place of a tensor; empty for inputs, parameters and views of them. */
  Optional<Allocation> of(Value value) {
    return Optional.ofNullable(allocations.get(lifetimes.root(value)));
  }

  /** Returns the size of the memory for activations. */
  long activationSize() {
    return activationSize;
  }

  /** Returns the size of the memory for buffers. */
  long stateSize() {
    return stateSize;
  }
}
