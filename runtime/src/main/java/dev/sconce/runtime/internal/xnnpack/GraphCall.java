package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.base.DType;
import dev.sconce.kernels.Conversions;
import dev.sconce.runtime.EventTracer;
import dev.sconce.runtime.internal.delegate.DelegateCall;
import dev.sconce.runtime.internal.execution.ExecutionContext;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.memory.Workspace;
import dev.sconce.runtime.internal.slot.TensorSlot;
import dev.sconce.runtime.internal.xnnpack.PlannedValue.Role;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One call of a graph, bound to its arguments. While the sizes of the inputs stay the same, a run
 * only seats the arguments and computes.
 */
final class GraphCall implements Step {

  /** An argument of the call, and the operand that it is inside of the graph. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Argument(TensorSlot slot, Operand operand, int[] sizes) {}

  private final GraphPlan plan;
  private final Workspace workspace;
  private final WorkspaceLayout layout;
  private final Operand[] operands;
  private final NodeStep[] steps;
  private final Argument[] inputs;
  private final Argument[] outputs;
  // Values that lie in the memory of an argument under another shape.
  private final int[] views;
  // The workspace's generation that operands are seated in, or -1.
  private long seated = -1;
  private boolean shaped;

  GraphCall(GraphPlan plan, DelegateCall call) {
    this.plan = plan;
    this.workspace = call.workspace();
    this.layout = new WorkspaceLayout(plan);
    this.operands = new Operand[plan.values().size()];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = new Operand(plan.values().get(i));
    }
    this.steps = new NodeStep[plan.nodes().size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = plan.nodes().get(i).binder().bind(operands);
    }
    List<Argument> in = new ArrayList<>();
    List<Argument> out = new ArrayList<>();
    for (Operand operand : operands) {
      switch (operand.value().role()) {
        case Role.Input(int argument) -> in.add(argument(call, argument, operand));
        case Role.Output(int argument) -> out.add(argument(call, argument, operand));
        case Role.Constant _, Role.Internal _ -> {}
      }
    }
    this.inputs = in.toArray(Argument[]::new);
    this.outputs = out.toArray(Argument[]::new);
    int[] found = new int[operands.length];
    int count = 0;
    for (int i = 0; i < operands.length; i++) {
      if (plan.aliasOf().at(i) != i && !layout.holds(i)) {
        found[count++] = i;
      }
    }
    this.views = Arrays.copyOf(found, count);
  }

  private static Argument argument(DelegateCall call, int position, Operand operand) {
    TensorSlot slot = call.tensor(position);
    Storage storage = operand.value().storage();
    boolean widened = storage == Storage.INT32 && slot.dtype() == DType.INT64;
    boolean isOutput = operand.value().role() instanceof Role.Output;
    if (slot.dtype() != storage.dtype() && !(widened && isOutput)) {
      throw call.site()
          .malformedArgument(position, "a tensor of " + storage.dtype(), slot.toString());
    }
    return new Argument(slot, operand, new int[slot.rank()]);
  }

  @Override
  public void run(ExecutionContext context) {
    if (!shaped || inputsHaveNewSizes()) {
      shaped = false;
      reshape();
      shaped = true;
    }
    for (Argument output : outputs) {
      resize(output);
    }
    seat();
    EventTracer tracer = context.tracer();
    if (tracer == null) {
      for (NodeStep step : steps) {
        step.run();
      }
    } else {
      runTraced(context, tracer);
    }
    for (Argument output : outputs) {
      if (output.slot().dtype() == DType.INT64) {
        Conversions.widenInPlace(output.slot().data(), output.operand().count());
      }
    }
  }

  private boolean inputsHaveNewSizes() {
    for (Argument input : inputs) {
      if (!Arrays.equals(input.sizes(), input.slot().sizes())) {
        return true;
      }
    }
    return false;
  }

  private void reshape() {
    for (Argument input : inputs) {
      TensorSlot slot = input.slot();
      int[] sizes = slot.sizes();
      int[] shape = new int[sizes.length];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = sizes[slot.dimOrder()[i]];
      }
      input.operand().reshape(shape);
      System.arraycopy(sizes, 0, input.sizes(), 0, sizes.length);
    }
    for (int i = 0; i < steps.length; i++) {
      try {
        steps[i].reshape();
      } catch (OperatorFailure e) {
        OperatorFailure located = new OperatorFailure(label(i) + ": " + e.getMessage());
        located.initCause(e);
        throw located;
      }
    }
    layout.place(operands);
    seated = -1;
  }

  // The file's output has the rank that the graph computes, or is a scalar.
  private static void resize(Argument output) {
    TensorSlot slot = output.slot();
    int[] shape = output.operand().shape();
    if (slot.rank() == 0 && output.operand().count() == 1) {
      return;
    }
    if (slot.rank() != shape.length) {
      throw OperatorFailure.of(
          "expected %s to have the rank of %s, found %s",
          output.operand().value().name(), slot, Arrays.toString(shape));
    }
    boolean same = true;
    for (int i = 0; i < shape.length; i++) {
      same &= slot.size(slot.dimOrder()[i]) == shape[i];
    }
    if (!same) {
      int[] sizes = new int[shape.length];
      for (int i = 0; i < shape.length; i++) {
        sizes[slot.dimOrder()[i]] = shape[i];
      }
      slot.resize(sizes);
    }
  }

  private void seat() {
    MemorySegment memory = workspace.reserve(layout.size());
    if (seated != workspace.generation()) {
      for (int i = 0; i < operands.length; i++) {
        if (layout.holds(i)) {
          operands[i].seat(memory.asSlice(layout.offset(i), operands[i].byteSize()));
        }
      }
      seated = workspace.generation();
    }
    for (Argument input : inputs) {
      input.operand().seat(input.slot().data());
    }
    for (Argument output : outputs) {
      output.operand().seat(output.slot().data());
    }
    for (int view : views) {
      operands[view].seat(operands[plan.aliasOf().at(view)].data());
    }
  }

  private void runTraced(ExecutionContext context, EventTracer tracer) {
    for (int i = 0; i < steps.length; i++) {
      long start = System.nanoTime();
      steps[i].run();
      tracer.delegateNode(context.instruction(), label(i), start, System.nanoTime());
    }
  }

  private String label(int step) {
    PlannedNode node = plan.nodes().get(step);
    return node.name() + " #" + node.handle();
  }
}
