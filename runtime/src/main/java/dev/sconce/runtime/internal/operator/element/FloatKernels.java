package dev.sconce.runtime.internal.operator.element;

import dev.sconce.kernels.BinaryFunction;
import dev.sconce.kernels.Kernels;
import dev.sconce.kernels.UnaryFunction;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.slot.TensorSlot;

/**
 * Elementwise functions by kernels, where the operands are of the kind that kernels take. Methods
 * return whether they did the work; nothing is written otherwise.
 */
public final class FloatKernels {

  private FloatKernels() {}

  /** Returns a step that applies a kernel to tensors it takes, and is another step for others. */
  public static Step unaryOr(
      OperatorCall call, UnaryFunction kernel, TensorSlot in, TensorSlot out, Step other) {
    return context -> {
      if (!apply(call.kernels(), kernel, in, out)) {
        other.run(context);
      }
    };
  }

  /** Computes {@code out = f(in)}. */
  public static boolean apply(Kernels kernels, UnaryFunction f, TensorSlot in, TensorSlot out) {
    if (!Floats.areAlike(in, out)) {
      return false;
    }
    kernels.elementwise().unary(f, Elements.memoryOf(in), Elements.memoryOf(out), out.numel());
    return true;
  }

  /** Computes {@code out = f(a, b)} for a number b. */
  public static boolean apply(
      Kernels kernels, BinaryFunction f, TensorSlot a, float b, TensorSlot out) {
    if (!Floats.areAlike(a, out)) {
      return false;
    }
    kernels.elementwise().binary(f, Elements.memoryOf(a), b, Elements.memoryOf(out), out.numel());
    return true;
  }

  /** Computes {@code out = f(a, b)}, operands stretched to the shape of the result. */
  public static boolean apply(
      Kernels kernels, BinaryFunction f, TensorSlot a, TensorSlot b, TensorSlot out) {
    if (Floats.areAlike(a, out) && Floats.areAlike(b, out)) {
      kernels
          .elementwise()
          .binary(
              f, Elements.memoryOf(a), Elements.memoryOf(b), Elements.memoryOf(out), out.numel());
      return true;
    }
    if (!Floats.areRowMajor(a, b, out)) {
      return false;
    }
    kernels
        .elementwise()
        .binary(
            f,
            Elements.memoryOf(a),
            a.sizes(),
            Elements.memoryOf(b),
            b.sizes(),
            Elements.memoryOf(out));
    return true;
  }
}
