package dev.sconce.runtime.internal.operator;

import dev.sconce.ops.ResultRule;
import dev.sconce.ops.TensorSpec;
import dev.sconce.runtime.internal.slot.BoolListSlot;
import dev.sconce.runtime.internal.slot.DoubleListSlot;
import dev.sconce.runtime.internal.slot.IntListSlot;
import dev.sconce.runtime.internal.slot.NoneSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.Slot;
import dev.sconce.runtime.internal.slot.StringSlot;
import dev.sconce.runtime.internal.slot.TensorListSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of a call's results, worked out anew only when something changed that the rule asked
 * for: most steps of a program run again and again on the same shapes.
 *
 * <p>What was asked for is kept as a list of numbers. Looking whether it is still the same writes
 * the current numbers over it and allocates nothing.
 */
final class ResultSizes {

  private final ResultRule rule;
  private final OperatorCall call;
  private final SlotArguments arguments;
  private int @Nullable [][] sizes;
  private long[] seen = new long[8];
  private int length;
  private boolean same;

  ResultSizes(ResultRule rule, OperatorCall call, SlotArguments arguments) {
    this.rule = rule;
    this.call = call;
    this.arguments = arguments;
  }

  /** Returns the sizes of every result, for the arguments as they are now; not to be written to. */
  int[][] current() {
    int[][] known = sizes;
    if (known != null && isUnchanged()) {
      return known;
    }
    // A rule that fails leaves nothing behind that a later call could take for its answer.
    sizes = null;
    List<TensorSpec> results = rule.results(arguments);
    int[][] found = new int[results.size()][];
    for (int i = 0; i < found.length; i++) {
      found[i] = sizesOf(results.get(i));
    }
    isUnchanged();
    sizes = found;
    return found;
  }

  private static int[] sizesOf(TensorSpec result) {
    int[] sizes = new int[result.shape().rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(result.shape().size(i));
    }
    return sizes;
  }

  private boolean isUnchanged() {
    int before = length;
    length = 0;
    same = true;
    for (int position = 0; position < call.size(); position++) {
      if (arguments.wasAsked(position)) {
        note(call.slot(position));
      }
    }
    return same && length == before;
  }

  private void note(Slot slot) {
    switch (slot) {
      case TensorSlot tensor -> noteTensor(tensor);
      case TensorListSlot list -> {
        note(list.size());
        for (int i = 0; i < list.size(); i++) {
          TensorSlot tensor = list.getOptional(i);
          note(tensor == null ? 0 : 1);
          if (tensor != null) {
            noteTensor(tensor);
          }
        }
      }
      case ScalarSlot scalar -> {
        note(
            switch (scalar.kind()) {
              case INT -> 0;
              case DOUBLE -> 1;
              case BOOL -> 2;
            });
        note(scalar.isDouble() ? Double.doubleToRawLongBits(scalar.toDouble()) : scalar.toLong());
      }
      case IntListSlot list -> {
        for (int i = 0; i < list.size(); i++) {
          note(list.get(i));
        }
      }
      // These come from the file and stay as they are.
      case DoubleListSlot list -> {}
      case BoolListSlot list -> {}
      case StringSlot string -> {}
      case NoneSlot none -> {}
    }
  }

  private void noteTensor(TensorSlot tensor) {
    note(tensor.dtype().code());
    note(tensor.rank());
    for (int dim = 0; dim < tensor.rank(); dim++) {
      note(tensor.size(dim));
    }
  }

  private void note(long value) {
    if (length == seen.length) {
      seen = Arrays.copyOf(seen, 2 * length);
    }
    same &= seen[length] == value;
    seen[length++] = value;
  }
}
