package dev.sconce.runtime.internal.plan;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.UnsupportedProgramException;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.BackendDelegate;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.Instruction;
import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.ops.OperatorSchema;
import dev.sconce.runtime.InstructionInfo;
import dev.sconce.runtime.internal.delegate.Delegate;
import dev.sconce.runtime.internal.delegate.DelegateCall;
import dev.sconce.runtime.internal.execution.CallSite;
import dev.sconce.runtime.internal.execution.ControlSteps;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.memory.MethodMemory;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorImplementation;
import dev.sconce.runtime.internal.operator.UnsupportedCall;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.Slot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Binds the instructions of one method to its slots: finds operators and delegates, checks what the
 * file says about their arguments, and collects everything that is missing before it complains.
 */
final class InstructionBinder {

  private static final Step NOTHING = context -> {};

  private final ProgramContents program;
  private final int planIndex;
  private final ExecutionPlan plan;
  private final List<Slot> slots;
  private final MethodMemory memory;
  private final List<String> missing = new ArrayList<>();

  InstructionBinder(ProgramContents program, int planIndex, List<Slot> slots, MethodMemory memory) {
    this.program = program;
    this.planIndex = planIndex;
    this.plan = program.file().program().plans().get(planIndex);
    this.slots = slots;
    this.memory = memory;
  }

  /**
   * Binds all chains.
   *
   * @throws UnsupportedProgramException naming everything that this runtime lacks
   */
  List<BoundChain> bind() {
    List<BoundChain> chains = new ArrayList<>();
    for (int c = 0; c < plan.chains().size(); c++) {
      chains.add(bindChain(c, plan.chains().get(c)));
    }
    if (!missing.isEmpty()) {
      throw new UnsupportedProgramException(program.name(), missing);
    }
    return List.copyOf(chains);
  }

  private BoundChain bindChain(int index, Chain chain) {
    int count = chain.instructions().size();
    Step[] steps = new Step[count];
    InstructionInfo[] infos = new InstructionInfo[count];
    for (int i = 0; i < count; i++) {
      Instruction instruction = chain.instructions().get(i);
      infos[i] = new InstructionInfo(plan.name(), index, i, nameOf(index, i, instruction));
      CallSite site = new CallSite(program.name(), planIndex, infos[i]);
      steps[i] =
          switch (instruction) {
            case Instruction.KernelCall call -> bindOperator(site, call);
            case Instruction.DelegateCall call -> bindDelegate(site, call);
            case Instruction.MoveCall call -> bindMove(site, call);
            case Instruction.JumpFalseCall call -> bindJump(site, call, count);
            case Instruction.FreeCall call -> bindFree(site, call);
          };
    }
    return new BoundChain(steps, infos);
  }

  private String nameOf(int chain, int index, Instruction instruction) {
    return switch (instruction) {
      case Instruction.KernelCall call -> {
        checkIndex(chain, index, "op_index", call.operator(), plan.operators().size());
        yield plan.operators().get(call.operator()).fullName();
      }
      case Instruction.DelegateCall call -> {
        checkIndex(chain, index, "delegate_index", call.delegate(), plan.delegates().size());
        yield plan.delegates().get(call.delegate()).id();
      }
      case Instruction.MoveCall _ -> "MoveCall";
      case Instruction.JumpFalseCall _ -> "JumpFalseCall";
      case Instruction.FreeCall _ -> "FreeCall";
    };
  }

  private void checkIndex(int chain, int instruction, String field, int index, int size) {
    if (index < 0 || index >= size) {
      throw new MalformedFileException(
          program.name(),
          -1,
          "execution_plan[%d].chains[%d].instructions[%d].%s"
              .formatted(planIndex, chain, instruction, field),
          "an index below " + size,
          "" + index);
    }
  }

  private Step bindOperator(CallSite site, Instruction.KernelCall call) {
    String name = site.instruction().name();
    OperatorImplementation implementation = program.operators().find(name);
    if (implementation == null) {
      missing.add("operator " + name + " " + place(site));
      return NOTHING;
    }
    OperatorCall bound = new OperatorCall(site, arguments(site, call.args()), program.kernels());
    Optional<OperatorSchema> schema = OperatorCatalogue.standard().find(name);
    if (schema.isPresent() && schema.get().callLength() != bound.size()) {
      throw site.malformedArgument(
          bound.size(),
          schema.get().callLength() + " arguments for " + schema.get(),
          bound.size() + " arguments");
    }
    try {
      return implementation.bind(bound);
    } catch (UnsupportedCall e) {
      missing.add("operator " + name + " with " + e.getMessage() + " " + place(site));
      return NOTHING;
    } catch (OperatorFailure e) {
      // An argument whose value is read once and makes no sense.
      missing.add("operator " + name + ": " + e.getMessage() + " " + place(site));
      return NOTHING;
    }
  }

  private Step bindDelegate(CallSite site, Instruction.DelegateCall call) {
    BackendDelegate delegate = plan.delegates().get(call.delegate());
    Delegate backend = program.delegates().find(delegate.id());
    if (backend == null) {
      missing.add("delegate " + delegate.id() + " " + place(site));
      return NOTHING;
    }
    try {
      return program
          .prepare(backend, delegate)
          .bind(new DelegateCall(site, arguments(site, call.args()), memory, memory.workspace()));
    } catch (UnsupportedProgramException e) {
      e.missing().forEach(what -> missing.add(delegate.id() + ": " + what + " " + place(site)));
      return NOTHING;
    }
  }

  private Step bindMove(CallSite site, Instruction.MoveCall call) {
    Slot from = slot(site, 0, call.from());
    Slot to = slot(site, 1, call.to());
    if (from instanceof ScalarSlot a && to instanceof ScalarSlot b) {
      return ControlSteps.move(a, b);
    }
    if (from instanceof TensorSlot a && to instanceof TensorSlot b) {
      return ControlSteps.move(a, b);
    }
    missing.add("a move of " + from.describe() + " over " + to.describe() + " " + place(site));
    return NOTHING;
  }

  private Step bindJump(CallSite site, Instruction.JumpFalseCall call, int count) {
    if (call.destination() < 0 || call.destination() > count) {
      throw site.malformedArgument(1, "an instruction from 0 to " + count, "" + call.destination());
    }
    Slot condition = slot(site, 0, call.condition());
    if (!(condition instanceof ScalarSlot) && !(condition instanceof TensorSlot)) {
      throw site.malformedArgument(0, "a bool or a bool tensor", condition.describe());
    }
    return ControlSteps.jumpFalse(condition, call.destination());
  }

  private Step bindFree(CallSite site, Instruction.FreeCall call) {
    Slot slot = slot(site, 0, call.value());
    if (slot instanceof TensorSlot tensor) {
      return ControlSteps.free(tensor);
    }
    throw site.malformedArgument(0, "a tensor", slot.describe());
  }

  private List<Slot> arguments(CallSite site, Ints indices) {
    List<Slot> arguments = new ArrayList<>(indices.size());
    for (int i = 0; i < indices.size(); i++) {
      arguments.add(slot(site, i, indices.at(i)));
    }
    return arguments;
  }

  private Slot slot(CallSite site, int position, int index) {
    if (index < 0 || index >= slots.size()) {
      throw site.malformedArgument(
          position, "the index of one of " + slots.size() + " values", "" + index);
    }
    return slots.get(index);
  }

  private static String place(CallSite site) {
    return "(method '%s', instruction %d)"
        .formatted(site.instruction().method(), site.instruction().index());
  }
}
