package dev.sconce.runtime.internal.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.base.DType;
import dev.sconce.kernels.Kernels;
import dev.sconce.runtime.InstructionInfo;
import dev.sconce.runtime.internal.execution.CallSite;
import dev.sconce.runtime.internal.execution.ExecutionContext;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.slot.Slot;
import dev.sconce.runtime.internal.slot.TensorListSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/** Calls of operators whose float32 form goes another way than their float64 form. */
final class RoutedCalls {

  private static final int SEED = 20;

  private RoutedCalls() {}

  /** Makes the arguments of a call for one element type; the last ones are its results. */
  @FunctionalInterface
  interface Arguments {
    List<Slot> of(Tensors tensors, DType type);
  }

  static void agree(String name, double tolerance, Arguments arguments) {
    agree(name, 1, tolerance, arguments);
  }

  static void agree(String name, int results, double tolerance, Arguments arguments) {
    // The threads of the kernels read and write tensors too.
    try (Arena arena = Arena.ofShared()) {
      double[] routed = run(name, results, arguments.of(new Tensors(arena), DType.FLOAT32));
      double[] plain = run(name, results, arguments.of(new Tensors(arena), DType.FLOAT64));
      assertThat(routed).as(name).hasSameSizeAs(plain).isNotEmpty();
      for (int i = 0; i < plain.length; i++) {
        String where = "%s[%d] seed %d".formatted(name, i, SEED);
        if (!Float.isFinite((float) plain[i])) {
          assertThat(routed[i]).as(where).isEqualTo(Double.valueOf((float) plain[i]));
        } else {
          double limit = tolerance * (1 + Math.abs(plain[i]));
          assertThat(routed[i]).as(where).isCloseTo(plain[i], within(limit));
        }
      }
    }
  }

  private static double[] run(String name, int results, List<Slot> arguments) {
    List<Slot> outs = arguments.subList(arguments.size() - results, arguments.size());
    List<Slot> all = new ArrayList<>(arguments);
    // A call repeats its result, several of them as a list.
    all.add(
        results == 1
            ? outs.getFirst()
            : new TensorListSlot(false, outs.toArray(TensorSlot[]::new)));
    bind(name, all).run(new ExecutionContext(null));
    DoubleStream values = DoubleStream.empty();
    for (Slot out : outs) {
      TensorSlot tensor = (TensorSlot) out;
      Elements elements = Elements.of(tensor);
      values =
          DoubleStream.concat(
              values, LongStream.range(0, tensor.numel()).mapToDouble(elements::getDouble));
    }
    return values.toArray();
  }

  static Step bind(String name, List<Slot> arguments) {
    CallSite site = new CallSite("test.pte", 0, new InstructionInfo("forward", 0, 0, name));
    return Objects.requireNonNull(OperatorRegistry.standard().find(name))
        .bind(new OperatorCall(site, arguments, Kernels.shared()));
  }

  /** Makes tensors; numbers are floats, the same ones for every element type. */
  static final class Tensors {
    private final Arena arena;
    private final Random random = new Random(SEED);

    Tensors(Arena arena) {
      this.arena = arena;
    }

    TensorSlot random(DType type, int... sizes) {
      TensorSlot tensor = zeros(type, sizes);
      Elements elements = Elements.of(tensor);
      for (int i = 0; i < tensor.numel(); i++) {
        elements.setDouble(i, (float) random.nextGaussian());
      }
      return tensor;
    }

    /** Zeros and ones. */
    TensorSlot truths(DType type, int... sizes) {
      TensorSlot tensor = zeros(type, sizes);
      Elements elements = Elements.of(tensor);
      for (int i = 0; i < tensor.numel(); i++) {
        elements.setLong(i, random.nextInt(2));
      }
      return tensor;
    }

    /** The numbers where functions turn, and others. */
    TensorSlot special(DType type, int... sizes) {
      float[] numbers = {
        0f,
        -0f,
        1,
        -1,
        0.5f,
        -3,
        20,
        -20,
        87,
        -87,
        120,
        -120,
        1e-30f,
        -1e30f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY
      };
      TensorSlot tensor = random(type, sizes);
      Elements elements = Elements.of(tensor);
      for (int i = 0; i < Math.min(tensor.numel(), 2L * numbers.length); i += 2) {
        elements.setDouble(i, numbers[i / 2]);
      }
      return tensor;
    }

    TensorSlot zeros(DType type, int... sizes) {
      int[] dimOrder = new int[sizes.length];
      Arrays.setAll(dimOrder, i -> i);
      TensorSlot tensor = new TensorSlot(type, sizes, dimOrder, TensorSlot.Dynamism.BOUNDED);
      tensor.seat(arena.allocate(Math.max(8, tensor.nbytes()), 8));
      return tensor;
    }
  }
}
