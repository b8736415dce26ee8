package dev.sconce.runtime.internal.operator;

import dev.sconce.base.DType;
import dev.sconce.base.MalformedFileException;
import dev.sconce.kernels.Kernels;
import dev.sconce.runtime.internal.execution.CallSite;
import dev.sconce.runtime.internal.slot.BoolListSlot;
import dev.sconce.runtime.internal.slot.DoubleListSlot;
import dev.sconce.runtime.internal.slot.IntListSlot;
import dev.sconce.runtime.internal.slot.NoneSlot;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.Slot;
import dev.sconce.runtime.internal.slot.StringSlot;
import dev.sconce.runtime.internal.slot.TensorListSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of an operator, while it is bound: its arguments as slots, by position in the
 * catalogue's schema (out arguments included: {@code add.out} has self 0, other 1, alpha 2, out 3).
 *
 * <p>Every accessor checks that the argument is of the kind asked for and throws a {@link
 * MalformedFileException} with its place in the file otherwise. Numbers come as slots, to be read
 * when the step runs: an instruction may compute them. {@code constant…} accessors read at once and
 * are meant for arguments that exporters always write as literals, such as a dtype.
 */
public final class OperatorCall {

  private final CallSite site;
  private final List<Slot> arguments;
  private final Kernels kernels;

  /**
   * Creates the view of one call.
   *
   * @param site where it stands
   * @param arguments its arguments, the repeated return values at the end included
   * @param kernels what computes
   */
  public OperatorCall(CallSite site, List<Slot> arguments, Kernels kernels) {
    this.site = site;
    this.kernels = kernels;
    this.arguments = List.copyOf(arguments);
  }

  /** Returns where the call stands in the program. */
  public CallSite site() {
    return site;
  }

  /** Returns the kernels and threads to compute with. */
  public Kernels kernels() {
    return kernels;
  }

  /** Returns the number of arguments, the repeated return values at the end included. */
  public int size() {
    return arguments.size();
  }

  /** Returns an argument of any kind. */
  public Slot slot(int position) {
    if (position >= arguments.size()) {
      throw site.malformedArgument(position, "an argument", "only " + arguments.size());
    }
    return arguments.get(position);
  }

  /** Returns whether an argument is absent. */
  public boolean isNone(int position) {
    return slot(position) == NoneSlot.INSTANCE;
  }

  /** Returns a tensor argument. */
  public TensorSlot tensor(int position) {
    return as(TensorSlot.class, position, "a tensor");
  }

  /** Returns an optional tensor argument, null if absent. */
  public @Nullable TensorSlot optionalTensor(int position) {
    return isNone(position) ? null : tensor(position);
  }

  /**
   * Returns a number of any kind: a {@code Scalar} argument, or one that a prim operator writes.
   */
  public ScalarSlot scalar(int position) {
    return as(ScalarSlot.class, position, "a number");
  }

  /** Returns an optional number of any kind, null if absent. */
  public @Nullable ScalarSlot optionalScalar(int position) {
    return isNone(position) ? null : scalar(position);
  }

  /** Returns an int argument ({@code int}, {@code SymInt}). */
  public ScalarSlot integer(int position) {
    return ofKind(position, ScalarSlot.Kind.INT);
  }

  /** Returns an optional int argument, null if absent. */
  public @Nullable ScalarSlot optionalInteger(int position) {
    return isNone(position) ? null : integer(position);
  }

  /** Returns a double argument ({@code float} in schemas). */
  public ScalarSlot number(int position) {
    return ofKind(position, ScalarSlot.Kind.DOUBLE);
  }

  /** Returns an optional double argument, null if absent. */
  public @Nullable ScalarSlot optionalNumber(int position) {
    return isNone(position) ? null : number(position);
  }

  /** Returns a bool argument. */
  public ScalarSlot bool(int position) {
    return ofKind(position, ScalarSlot.Kind.BOOL);
  }

  /** Returns an optional bool argument, null if absent. */
  public @Nullable ScalarSlot optionalBool(int position) {
    return isNone(position) ? null : bool(position);
  }

  /** Returns a string argument. */
  public String string(int position) {
    return as(StringSlot.class, position, "a string").value();
  }

  /** Returns an optional string argument, null if absent. */
  public @Nullable String optionalString(int position) {
    return isNone(position) ? null : string(position);
  }

  /** Returns a list of ints. */
  public IntListSlot ints(int position) {
    return as(IntListSlot.class, position, "a list of ints");
  }

  /** Returns an optional list of ints, null if absent. */
  public @Nullable IntListSlot optionalInts(int position) {
    return isNone(position) ? null : ints(position);
  }

  /** Returns a list of doubles. */
  public DoubleListSlot doubles(int position) {
    return as(DoubleListSlot.class, position, "a list of doubles");
  }

  /** Returns an optional list of doubles, null if absent. */
  public @Nullable DoubleListSlot optionalDoubles(int position) {
    return isNone(position) ? null : doubles(position);
  }

  /** Returns a list of bools. */
  public BoolListSlot bools(int position) {
    return as(BoolListSlot.class, position, "a list of bools");
  }

  /** Returns a list of tensors, optional or not. */
  public TensorListSlot tensors(int position) {
    return as(TensorListSlot.class, position, "a list of tensors");
  }

  /** Returns a literal int argument. */
  public long constantInteger(int position) {
    return integer(position).longValue();
  }

  /** Returns an optional literal dtype argument, null if absent. */
  public @Nullable DType dtype(int position) {
    ScalarSlot code = optionalInteger(position);
    if (code == null) {
      return null;
    }
    return DType.ofCode(code.intValue())
        .orElseThrow(
            () -> site.malformedArgument(position, "the code of a dtype", code.toString()));
  }

  private ScalarSlot ofKind(int position, ScalarSlot.Kind kind) {
    ScalarSlot scalar = as(ScalarSlot.class, position, kind.description());
    if (scalar.kind() != kind) {
      throw site.malformedArgument(position, kind.description(), scalar.describe());
    }
    return scalar;
  }

  private <T extends Slot> T as(Class<T> type, int position, String expected) {
    Slot slot = slot(position);
    if (!type.isInstance(slot)) {
      throw site.malformedArgument(position, expected, slot.describe());
    }
    return type.cast(slot);
  }
}
