package dev.sconce.runtime.internal.plan;

import dev.sconce.base.DType;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.Instruction;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.Allocation;
import dev.sconce.format.pte.PteValue.TensorValue;
import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.ops.OperatorSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how a buffer of state is written: at places that an index names, or as a whole.
 *
 * <p>A cache is written by {@code update_cache}, {@code index_put_} and their like, or, as
 * exporters of functional graphs do, by a copy of what such an operator made of it:
 *
 * <pre>
 *   new = index_put(cache, positions, keys);  copy_(cache, new)
 * </pre>
 */
final class StateWriters {

  private static final Set<String> IN_PLACE =
      Set.of("aten::index_put_", "llama::update_cache.out", "llama::update_cache_with_indices.out");

  private static final Set<String> FUNCTIONAL =
      Set.of("aten::index_put.out", "aten::slice_scatter.out", "aten::select_scatter.out");

  private static final int UNKNOWN = -1;

  private final ExecutionPlan plan;
  private final List<Instruction> instructions;

  StateWriters(ExecutionPlan plan) {
    this.plan = plan;
    this.instructions =
        plan.chains().stream().map(Chain::instructions).flatMap(List::stream).toList();
  }

  /** Returns whether all writes to a value's memory go to places that an index names. */
  boolean addressed(int state) {
    Set<Integer> names = namesOf(state);
    for (Instruction instruction : instructions) {
      boolean fine =
          switch (instruction) {
            case Instruction.KernelCall call -> addressed(call, names);
            case Instruction.DelegateCall call -> call.args().ints().noneMatch(names::contains);
            case Instruction.MoveCall call ->
                !names.contains(call.from()) && !names.contains(call.to());
            case Instruction.JumpFalseCall _, Instruction.FreeCall _ -> true;
          };
      if (!fine) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns along which dimension writes to a value's memory name places: the one that indices
   * count, if it is one and the same for all.
   */
  OptionalInt placesAlong(int state) {
    if (!addressed(state)) {
      return OptionalInt.empty();
    }
    Set<Integer> names = namesOf(state);
    Set<Integer> dimensions = new HashSet<>();
    for (Instruction instruction : instructions) {
      if (instruction instanceof Instruction.KernelCall call
          && (IN_PLACE.contains(name(call)) || FUNCTIONAL.contains(name(call)))) {
        int written = call.args().at(name(call).startsWith("llama::") ? 1 : 0);
        if (names.contains(written)) {
          dimensions.add(sameShape(written, state) ? dimension(call) : UNKNOWN);
        }
      }
    }
    return dimensions.size() == 1 && !dimensions.contains(UNKNOWN)
        ? OptionalInt.of(dimensions.iterator().next())
        : OptionalInt.empty();
  }

  private boolean sameShape(int a, int b) {
    return plan.values().get(a) instanceof TensorValue first
        && plan.values().get(b) instanceof TensorValue second
        && first.sizes().equals(second.sizes())
        && first.dimOrder().equals(second.dimOrder());
  }

  /** Returns the dimension whose places a call names. */
  private int dimension(Instruction.KernelCall call) {
    return switch (name(call)) {
      case "llama::update_cache.out", "llama::update_cache_with_indices.out" -> 1;
      case "aten::index_put_", "aten::index_put.out" -> onlyIndexed(call.args().at(1));
      default ->
          plan.values().get(call.args().at(2)) instanceof PteValue.IntValue(long dimension)
                  && dimension >= 0
              ? (int) dimension
              : UNKNOWN;
    };
  }

  /** Returns the dimension that has an index in a list of them, if it is one of integers. */
  private int onlyIndexed(int list) {
    int found = UNKNOWN;
    Ints items =
        switch (plan.values().get(list)) {
          case PteValue.OptionalTensorListValue optional -> optional.items();
          case PteValue.TensorListValue all -> all.items();
          default -> Ints.of();
        };
    for (int i = 0; i < items.size(); i++) {
      int index = items.at(i);
      if (index < 0 || plan.values().get(index) instanceof PteValue.NullValue) {
        continue;
      }
      boolean integers =
          plan.values().get(index) instanceof TensorValue tensor
              && !tensor.dtype().equals(DType.BOOL);
      if (found != UNKNOWN || !integers) {
        return UNKNOWN;
      }
      found = i;
    }
    return found;
  }

  /** Returns the values that are the same memory: of the same place, and views of these. */
  private Set<Integer> namesOf(int state) {
    Allocation place = allocation(state);
    Set<Integer> names = new HashSet<>();
    names.add(state);
    for (int i = 0; i < plan.values().size(); i++) {
      if (place != null && place.equals(allocation(i))) {
        names.add(i);
      }
    }
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Instruction instruction : instructions) {
        if (instruction instanceof Instruction.KernelCall call
            && name(call).startsWith("executorch_prim::et_view")
            && names.contains(call.args().at(0))) {
          grown |= names.add(call.args().at(call.args().size() - 1));
        }
      }
    }
    return names;
  }

  private @Nullable Allocation allocation(int value) {
    return plan.values().get(value) instanceof TensorValue tensor ? tensor.allocation() : null;
  }

  private String name(Instruction.KernelCall call) {
    return plan.operators().get(call.operator()).fullName();
  }

  private boolean addressed(Instruction.KernelCall call, Set<Integer> names) {
    String name = name(call);
    if (name.startsWith("executorch_prim::")) {
      return true;
    }
    Optional<OperatorSchema> schema = OperatorCatalogue.standard().find(name);
    Ints args = call.args();
    for (int i = 0; i < args.size(); i++) {
      boolean written =
          schema.isEmpty()
              || i >= schema.get().arguments().size()
              || schema.get().arguments().get(i).isWritten();
      if (written && touches(args.at(i), names)) {
        return IN_PLACE.contains(name) || (name.equals("aten::copy_") && isUpdate(call, names));
      }
    }
    return true;
  }

  private boolean touches(int value, Set<Integer> names) {
    return switch (plan.values().get(value)) {
      case PteValue.TensorListValue list -> list.items().ints().anyMatch(names::contains);
      case PteValue.OptionalTensorListValue list -> list.items().ints().anyMatch(names::contains);
      default -> names.contains(value);
    };
  }

  /** Returns whether a copy's source was made of the state by naming places. */
  @SuppressWarnings("ReferenceEquality") // An equal call may stand elsewhere; this one is meant.
  private boolean isUpdate(Instruction.KernelCall copy, Set<Integer> names) {
    int source = copy.args().at(1);
    boolean update = false;
    for (Instruction instruction : instructions) {
      if (instruction.equals(copy)) {
        return update;
      }
      if (instruction instanceof Instruction.KernelCall call
          && call.args().at(call.args().size() - 1) == source) {
        update = FUNCTIONAL.contains(name(call)) && names.contains(call.args().at(0));
      }
    }
    return false;
  }
}
