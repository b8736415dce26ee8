package dev.sconce.generate.selftest;

import dev.sconce.base.DType;
import dev.sconce.runtime.Tensor;
import java.util.List;

/**
 * A call of a method and what is expected of its outputs.
 *
 * @param method the method's name
 * @param inputs its inputs
 * @param expected what is expected of each output
 */
public record Call(String method, List<Input> inputs, List<Expectation> expected) {

  /** Copies the lists. */
  public Call {
    inputs = List.copyOf(inputs);
    expected = List.copyOf(expected);
  }

  /** What is passed to a method. */
  public sealed interface Input {

    /**
     * A tensor of integers, bools or floats.
     *
     * @param tensor the tensor
     */
    record Given(Tensor tensor) implements Input {}

    /**
     * A tensor of floats from a formula, so that an image does not take room: element i is {@code
     * ((7919·i) mod 1024)/512 − 1}.
     *
     * @param shape its shape
     */
    record Pattern(List<Long> shape) implements Input {

      /** Copies the list. */
      public Pattern {
        shape = List.copyOf(shape);
      }

      /** Returns the tensor. */
      public Tensor tensor() {
        long[] sizes = shape.stream().mapToLong(size -> size).toArray();
        Tensor zeros = Tensor.zeros(DType.FLOAT32, sizes);
        float[] values = new float[Math.toIntExact(zeros.numel())];
        for (int i = 0; i < values.length; i++) {
          values[i] = (STEP * i % PERIOD) / (PERIOD / 2f) - 1;
        }
        return Tensor.of(values, sizes);
      }

      private static final long STEP = 7919;
      private static final int PERIOD = 1024;
    }

    /**
     * What an earlier call of the same test returned.
     *
     * @param call the call's index
     * @param output the output's index
     */
    record Returned(int call, int output) implements Input {}
  }

  /** What is expected of an output. */
  public sealed interface Expectation {

    /**
     * A tensor of exactly these integers or bools.
     *
     * @param tensor the tensor
     */
    record Exactly(Tensor tensor) implements Expectation {}

    /**
     * A tensor of floating-point numbers, some of which are known.
     *
     * @param shape its shape
     * @param entries the known numbers
     * @param tolerance how far they may be off
     */
    record Near(List<Long> shape, List<Entry> entries, double tolerance) implements Expectation {

      /** Copies the lists. */
      public Near {
        shape = List.copyOf(shape);
        entries = List.copyOf(entries);
      }
    }

    /**
     * A number of a tensor.
     *
     * @param index its place in the row-major order
     * @param value the number
     */
    record Entry(long index, float value) {}
  }
}
