package dev.sconce.runtime.internal.plan;

import dev.sconce.format.Ints;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.Instruction;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.Allocation;
import dev.sconce.format.pte.PteValue.TensorValue;
import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.ops.OperatorSchema;
import dev.sconce.runtime.internal.delegate.Delegate;
import dev.sconce.runtime.internal.delegate.PreparedDelegate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the planned memory whose contents one execution may read before it writes them: a method's
 * state. Files do not mark it; most of a plan is scratch memory that need not be copied.
 *
 * <p>This is liveness: with {@code use} the places an instruction reads and {@code kill} those it
 * overwrites completely,
 *
 * <pre>
 *   live before = use ∪ (live after ∖ kill)
 * </pre>
 *
 * taken to its fixed point over jumps; live before the first instruction is state. Places are
 * (memory id, offset), since equal places are one memory. Outputs are live at the end: an output
 * that an execution does not write shows the last one's. Whatever is not known counts as read.
 */
final class StateAnalysis {

  // Beyond this many bits (instructions × places) everything counts as state.
  private static final long MAX_WORK = 1L << 31;

  private static final String VIEW = "executorch_prim::et_view.default";

  private final ProgramContents program;
  private final ExecutionPlan plan;
  private final int[] placeOf;
  private final List<long[]> places = new ArrayList<>();
  private final List<BitSet> use = new ArrayList<>();
  private final List<BitSet> kill = new ArrayList<>();
  private final List<int[]> successors = new ArrayList<>();
  private final BitSet always = new BitSet();

  StateAnalysis(ProgramContents program, ExecutionPlan plan) {
    this.program = program;
    this.plan = plan;
    this.placeOf = new int[plan.values().size()];
    findPlaces();
  }

  /** Returns the values that are state; values of equal places are named once, the largest. */
  List<Integer> run() {
    BitSet live = liveAtStart();
    for (int i = 0; i < plan.inputs().size(); i++) {
      int place = placeOf[plan.inputs().at(i)];
      if (place >= 0) {
        live.clear(place);
      }
    }
    return live.stream().mapToObj(place -> (int) places.get(place)[0]).toList();
  }

  // A place is {its largest value, that value's bytes}. Values that are views stand elsewhere and
  // are smaller once they are made, so they are named only where there is nothing else.
  private void findPlaces() {
    Map<Allocation, Integer> byAllocation = new HashMap<>();
    BitSet views = views();
    for (int i = 0; i < placeOf.length; i++) {
      placeOf[i] = -1;
      if (plan.values().get(i) instanceof TensorValue tensor && tensor.allocation() != null) {
        Integer place = byAllocation.putIfAbsent(tensor.allocation(), places.size());
        if (place == null) {
          placeOf[i] = places.size();
          places.add(new long[] {i, tensor.byteSize()});
        } else {
          placeOf[i] = place;
          long[] named = places.get(place);
          boolean better =
              views.get((int) named[0]) == views.get(i)
                  ? tensor.byteSize() > named[1]
                  : views.get((int) named[0]) && tensor.byteSize() >= named[1];
          if (better) {
            places.set(place, new long[] {i, tensor.byteSize()});
          }
        }
      }
    }
  }

  private BitSet views() {
    BitSet views = new BitSet();
    for (Chain chain : plan.chains()) {
      for (Instruction instruction : chain.instructions()) {
        if (instruction instanceof Instruction.KernelCall call
            && plan.operators().get(call.operator()).fullName().equals(VIEW)) {
          views.set(call.args().at(call.args().size() - 1));
        }
      }
    }
    return views;
  }

  private BitSet liveAtStart() {
    long instructions = plan.chains().stream().mapToLong(c -> c.instructions().size()).sum();
    BitSet everything = new BitSet();
    everything.set(0, places.size());
    if (instructions * places.size() > MAX_WORK) {
      return everything;
    }
    for (Chain chain : plan.chains()) {
      int first = use.size();
      for (int i = 0; i < chain.instructions().size(); i++) {
        use.add(new BitSet());
        kill.add(new BitSet());
        describe(chain.instructions().get(i), first, first + i);
      }
    }
    BitSet live = fixedPoint();
    live.or(always);
    return live;
  }

  private void describe(Instruction instruction, int first, int at) {
    int[] next = {at + 1};
    switch (instruction) {
      case Instruction.KernelCall call -> describeOperator(call, at);
      case Instruction.DelegateCall call -> describeDelegate(call, at);
      case Instruction.MoveCall call -> {
        // One tensor becomes a name of the other for good: both are state from then on.
        mark(always, call.from(), false);
        mark(always, call.to(), false);
      }
      case Instruction.JumpFalseCall call -> {
        mark(use.get(at), call.condition(), false);
        next = new int[] {at + 1, first + call.destination()};
      }
      case Instruction.FreeCall _ -> {}
    }
    successors.add(next);
  }

  private void describeOperator(Instruction.KernelCall call, int at) {
    String name = plan.operators().get(call.operator()).fullName();
    Optional<OperatorSchema> schema = OperatorCatalogue.standard().find(name);
    Ints args = call.args();
    for (int i = 0; i < args.size(); i++) {
      boolean overwritten =
          schema.isPresent()
              && (i >= schema.get().arguments().size() || schema.get().arguments().get(i).isOut());
      mark(overwritten ? kill.get(at) : use.get(at), args.at(i), overwritten);
    }
  }

  private void describeDelegate(Instruction.DelegateCall call, int at) {
    Delegate backend = program.delegates().find(plan.delegates().get(call.delegate()).id());
    PreparedDelegate prepared =
        backend == null ? null : program.prepare(backend, plan.delegates().get(call.delegate()));
    for (int i = 0; i < call.args().size(); i++) {
      boolean overwritten = prepared != null && prepared.overwrites(i);
      mark(overwritten ? kill.get(at) : use.get(at), call.args().at(i), overwritten);
    }
  }

  private void mark(BitSet set, int value, boolean overwritten) {
    switch (plan.values().get(value)) {
      case TensorValue tensor -> {
        int place = placeOf[value];
        // Writing a small tensor leaves the rest of a larger one at the same place.
        if (place >= 0 && (!overwritten || tensor.byteSize() >= places.get(place)[1])) {
          set.set(place);
        }
      }
      case PteValue.TensorListValue list ->
          list.items().ints().forEach(i -> mark(set, i, overwritten));
      case PteValue.OptionalTensorListValue list ->
          list.items().ints().filter(i -> i >= 0).forEach(i -> mark(set, i, overwritten));
      default -> {}
    }
  }

  private BitSet fixedPoint() {
    int count = use.size();
    BitSet[] before = new BitSet[count + 1];
    for (int i = 0; i <= count; i++) {
      before[i] = new BitSet();
    }
    for (int i = 0; i < plan.outputs().size(); i++) {
      int place = placeOf[plan.outputs().at(i)];
      if (place >= 0) {
        before[count].set(place);
      }
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = count - 1; i >= 0; i--) {
        BitSet live = new BitSet();
        for (int next : successors.get(i)) {
          live.or(before[next]);
        }
        live.andNot(kill.get(i));
        live.or(use.get(i));
        if (!live.equals(before[i])) {
          before[i] = live;
          changed = true;
        }
      }
    }
    return before[0];
  }
}
