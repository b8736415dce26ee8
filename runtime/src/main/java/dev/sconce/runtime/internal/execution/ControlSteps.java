package dev.sconce.runtime.internal.execution;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.Slot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The instructions that compute nothing: jumps, moves, frees. */
public final class ControlSteps {

  private ControlSteps() {}

  /**
   * Returns a step that goes on elsewhere if its condition is false: a bool, or a bool tensor of
   * which not all elements are true.
   */
  public static Step jumpFalse(Slot condition, int destination) {
    return switch (condition) {
      case ScalarSlot bool ->
          context -> {
            if (!bool.boolValue()) {
              context.setNext(destination);
            }
          };
      case TensorSlot tensor ->
          context -> {
            if (!allTrue(tensor)) {
              context.setNext(destination);
            }
          };
      default ->
          throw new IllegalArgumentException("a jump cannot depend on " + condition.describe());
    };
  }

  private static boolean allTrue(TensorSlot tensor) {
    if (tensor.dtype() != DType.BOOL) {
      throw OperatorFailure.of("expected a bool or a bool tensor, found %s", tensor);
    }
    MemorySegment data = tensor.data();
    for (long i = 0; i < tensor.numel(); i++) {
      if (data.get(ValueLayout.JAVA_BYTE, i) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns a step that stores one number in place of another. */
  public static Step move(ScalarSlot from, ScalarSlot to) {
    return context -> to.set(from);
  }

  /** Returns a step that makes one tensor value another name of a tensor, from then on. */
  public static Step move(TensorSlot from, TensorSlot to) {
    return context -> to.alias(from);
  }

  /** Returns a step that takes a tensor's memory away. */
  public static Step free(TensorSlot tensor) {
    return context -> tensor.unseat();
  }
}
