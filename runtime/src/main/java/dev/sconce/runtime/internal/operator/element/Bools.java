package dev.sconce.runtime.internal.operator.element;

import dev.sconce.base.DType;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * Loops over bools, of which attention masks are made, and over what they choose from.
 *
 * <p>A function of bools is a table: it is asked once for each combination that occurs, not for
 * every element.
 */
public final class Bools {

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final byte UNKNOWN = -1;

  private Bools() {}

  /** Returns whether all tensors hold bools. */
  static boolean areBools(TensorSlot... tensors) {
    for (TensorSlot tensor : tensors) {
      if (tensor.dtype() != DType.BOOL) {
        return false;
      }
    }
    return true;
  }

  private static byte bool(boolean value) {
    return (byte) (value ? 1 : 0);
  }

  /** Returns the rows of {@code out = f(in)}; offsets are those of out and in. */
  static Walk.Row row(LongUnaryOperator f, MemorySegment in, MemorySegment out) {
    byte[] table = {UNKNOWN, UNKNOWN};
    return (offsets, steps, count) -> {
      long t = offsets[0];
      long s = offsets[1];
      for (long i = 0; i < count; i++) {
        int key = in.get(BYTE, s) == 0 ? 0 : 1;
        if (table[key] == UNKNOWN) {
          table[key] = bool(f.applyAsLong(key) != 0);
        }
        out.set(BYTE, t, table[key]);
        t += steps[0];
        s += steps[1];
      }
    };
  }

  /** Returns the rows of {@code out = f(a, b)}; offsets are those of out, a and b. */
  static Walk.Row row(LongBinaryOperator f, MemorySegment a, MemorySegment b, MemorySegment out) {
    byte[] table = {UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN};
    return (offsets, steps, count) -> {
      long t = offsets[0];
      long l = offsets[1];
      long r = offsets[2];
      for (long i = 0; i < count; i++) {
        int key = (a.get(BYTE, l) == 0 ? 0 : 2) + (b.get(BYTE, r) == 0 ? 0 : 1);
        if (table[key] == UNKNOWN) {
          table[key] = bool(f.applyAsLong(key >> 1, key & 1) != 0);
        }
        out.set(BYTE, t, table[key]);
        t += steps[0];
        l += steps[1];
        r += steps[2];
      }
    };
  }

  /**
   * Stores how floats compare with a number, if that is all there is to do.
   *
   * @param truth what to store for less, equal, greater, unordered
   * @return whether the operands are of the kind that this takes; nothing is done otherwise
   */
  public static boolean compare(TensorSlot in, float number, boolean[] truth, TensorSlot out) {
    boolean fits =
        in.dtype() == DType.FLOAT32
            && out.dtype() == DType.BOOL
            && in.numel() > 0
            && in.hasSameSizes(out)
            && in.hasSameDimOrder(out);
    if (!fits) {
      return false;
    }
    byte less = bool(truth[0]);
    byte equal = bool(truth[1]);
    byte greater = bool(truth[2]);
    byte unordered = bool(truth[3]);
    MemorySegment from = Elements.memoryOf(in);
    MemorySegment to = Elements.memoryOf(out);
    long count = in.numel();
    for (long i = 0; i < count; i++) {
      float x = from.get(FLOAT, i << 2);
      to.set(BYTE, i, x < number ? less : x == number ? equal : x > number ? greater : unordered);
    }
    return true;
  }

  /**
   * Stores a where a bool is true and b elsewhere, stretched to the shape of the result, if the
   * elements have 32 bits and one type.
   *
   * @return whether they have; nothing is done otherwise
   */
  public static boolean choose(TensorSlot bools, TensorSlot a, TensorSlot b, TensorSlot out) {
    boolean fits =
        areBools(bools)
            && out.dtype().bits() == Integer.SIZE
            && a.dtype() == out.dtype()
            && b.dtype() == out.dtype();
    if (!fits) {
      return false;
    }
    MemorySegment condition = Elements.memoryOf(bools);
    MemorySegment yes = Elements.memoryOf(a);
    MemorySegment no = Elements.memoryOf(b);
    MemorySegment to = Elements.memoryOf(out);
    new Walk(
            Layouts.sizes(out),
            Layouts.strides(out),
            Layouts.expandedStrides(bools, out),
            Layouts.expandedStrides(a, out),
            Layouts.expandedStrides(b, out))
        .run((offsets, steps, count) -> choose(offsets, steps, count, condition, yes, no, to));
    return true;
  }

  private static void choose(
      long[] offsets,
      long[] steps,
      long count,
      MemorySegment condition,
      MemorySegment yes,
      MemorySegment no,
      MemorySegment to) {
    long t = offsets[0] << 2;
    long c = offsets[1];
    long a = offsets[2] << 2;
    long b = offsets[3] << 2;
    long tStep = steps[0] << 2;
    long cStep = steps[1];
    long aStep = steps[2] << 2;
    long bStep = steps[3] << 2;
    for (long i = 0; i < count; i++) {
      to.set(INT, t, condition.get(BYTE, c) != 0 ? yes.get(INT, a) : no.get(INT, b));
      t += tStep;
      c += cStep;
      a += aStep;
      b += bStep;
    }
  }

  /** Stores for each of so many runs of equal length whether it holds a true. */
  public static void any(MemorySegment bools, MemorySegment out, long runs, long length) {
    for (long run = 0; run < runs; run++) {
      long end = (run + 1) * length;
      long at = run * length;
      while (at < end && bools.get(BYTE, at) == 0) {
        at++;
      }
      out.set(BYTE, run, bool(at < end));
    }
  }
}
