package dev.sconce.runtime.internal.operator.element;

import dev.sconce.base.DType;
import dev.sconce.kernels.BinaryFunction;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Applies functions element by element, stretching operands to the shape of the result. */
public final class Elementwise {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private Elementwise() {}

  /** A function of one number, for integers and for floats. */
  public record Unary(LongUnaryOperator integer, DoubleUnaryOperator real) {}

  /**
   * A function of two numbers.
   *
   * @param integer what it is on integers
   * @param real what it is on floats
   * @param kernel the kernel that computes it on float32, null if there is none
   */
  public record Binary(
      LongBinaryOperator integer, DoubleBinaryOperator real, @Nullable BinaryFunction kernel) {

    /** Returns a function without a kernel. */
    public Binary(LongBinaryOperator integer, DoubleBinaryOperator real) {
      this(integer, real, null);
    }
  }

  /** A function of three numbers, for integers and for floats. */
  public record Ternary(LongTernary integer, DoubleTernary real) {}

  /** A function of three integers. */
  @FunctionalInterface
  public interface LongTernary {
    /** Applies it. */
    long apply(long a, long b, long c);
  }

  /** A function of three doubles. */
  @FunctionalInterface
  public interface DoubleTernary {
    /** Applies it. */
    double apply(double a, double b, double c);
  }

  /** Stores {@code function(in)} in {@code out}, which has the right sizes. */
  public static void apply(Unary function, Arithmetic arithmetic, TensorSlot in, TensorSlot out) {
    Elements source = Elements.of(in);
    Elements target = Elements.of(out);
    Walk walk =
        new Walk(Layouts.sizes(out), Layouts.strides(out), Layouts.expandedStrides(in, out));
    if (arithmetic == Arithmetic.INTEGER) {
      LongUnaryOperator f = function.integer;
      if (Bools.areBools(in, out)) {
        walk.run(Bools.row(f, source.memory, target.memory));
        return;
      }
      walk.run(
          (offsets, steps, count) -> {
            for (long i = 0, t = offsets[0], s = offsets[1]; i < count; i++) {
              target.setLong(t, f.applyAsLong(source.getLong(s)));
              t += steps[0];
              s += steps[1];
            }
          });
      return;
    }
    DoubleUnaryOperator f = function.real;
    boolean floats = isFloat(in) && isFloat(out);
    walk.run(
        (offsets, steps, count) -> {
          if (floats && steps[0] == 1 && steps[1] == 1) {
            floatRow(f, source.memory, offsets[1], target.memory, offsets[0], count);
            return;
          }
          for (long i = 0, t = offsets[0], s = offsets[1]; i < count; i++) {
            target.set(arithmetic, t, f.applyAsDouble(source.get(arithmetic, s)));
            t += steps[0];
            s += steps[1];
          }
        });
  }

  /** Stores {@code function(a, b)} in {@code out}, which has the right sizes. */
  public static void apply(
      Binary function, Arithmetic arithmetic, TensorSlot a, TensorSlot b, TensorSlot out) {
    Elements left = Elements.of(a);
    Elements right = Elements.of(b);
    Elements target = Elements.of(out);
    Walk walk =
        new Walk(
            Layouts.sizes(out),
            Layouts.strides(out),
            Layouts.expandedStrides(a, out),
            Layouts.expandedStrides(b, out));
    if (arithmetic == Arithmetic.INTEGER) {
      LongBinaryOperator f = function.integer;
      if (Bools.areBools(a, b, out)) {
        walk.run(Bools.row(f, left.memory, right.memory, target.memory));
        return;
      }
      walk.run(
          (offsets, steps, count) -> {
            long t = offsets[0];
            long l = offsets[1];
            long r = offsets[2];
            for (long i = 0; i < count; i++) {
              target.setLong(t, f.applyAsLong(left.getLong(l), right.getLong(r)));
              t += steps[0];
              l += steps[1];
              r += steps[2];
            }
          });
      return;
    }
    DoubleBinaryOperator f = function.real;
    boolean floats = isFloat(a) && isFloat(b) && isFloat(out);
    walk.run(
        (offsets, steps, count) -> {
          if (floats && steps[0] == 1) {
            floatRow(f, left.memory, right.memory, target.memory, offsets, steps, count);
            return;
          }
          long t = offsets[0];
          long l = offsets[1];
          long r = offsets[2];
          for (long i = 0; i < count; i++) {
            double value = f.applyAsDouble(left.get(arithmetic, l), right.get(arithmetic, r));
            target.set(arithmetic, t, value);
            t += steps[0];
            l += steps[1];
            r += steps[2];
          }
        });
  }

  /** Stores {@code function(a, b, c)} in {@code out}, which has the right sizes. */
  public static void apply(
      Ternary function,
      Arithmetic arithmetic,
      TensorSlot a,
      TensorSlot b,
      TensorSlot c,
      TensorSlot out) {
    Elements first = Elements.of(a);
    Elements second = Elements.of(b);
    Elements third = Elements.of(c);
    Elements target = Elements.of(out);
    new Walk(
            Layouts.sizes(out),
            Layouts.strides(out),
            Layouts.expandedStrides(a, out),
            Layouts.expandedStrides(b, out),
            Layouts.expandedStrides(c, out))
        .run(
            (offsets, steps, count) -> {
              long t = offsets[0];
              long x = offsets[1];
              long y = offsets[2];
              long z = offsets[3];
              for (long i = 0; i < count; i++) {
                if (arithmetic == Arithmetic.INTEGER) {
                  target.setLong(
                      t,
                      function.integer.apply(
                          first.getLong(x), second.getLong(y), third.getLong(z)));
                } else {
                  target.set(
                      arithmetic,
                      t,
                      function.real.apply(
                          first.get(arithmetic, x),
                          second.get(arithmetic, y),
                          third.get(arithmetic, z)));
                }
                t += steps[0];
                x += steps[1];
                y += steps[2];
                z += steps[3];
              }
            });
  }

  private static boolean isFloat(TensorSlot tensor) {
    return tensor.dtype() == DType.FLOAT32;
  }

  private static void floatRow(
      DoubleUnaryOperator f,
      MemorySegment in,
      long inOffset,
      MemorySegment out,
      long outOffset,
      long count) {
    for (long i = 0; i < count; i++) {
      double value = f.applyAsDouble(in.get(FLOAT, (inOffset + i) << 2));
      out.set(FLOAT, (outOffset + i) << 2, (float) value);
    }
  }

  private static void floatRow(
      DoubleBinaryOperator f,
      MemorySegment a,
      MemorySegment b,
      MemorySegment out,
      long[] offsets,
      long[] steps,
      long count) {
    long t = offsets[0];
    long l = offsets[1];
    long r = offsets[2];
    long leftStep = steps[1];
    long rightStep = steps[2];
    for (long i = 0; i < count; i++) {
      double value = f.applyAsDouble(a.get(FLOAT, l << 2), b.get(FLOAT, r << 2));
      out.set(FLOAT, (t + i) << 2, (float) value);
      l += leftStep;
      r += rightStep;
    }
  }
}
