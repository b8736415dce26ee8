package dev.sconce.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.base.DType;
import dev.sconce.base.SconceException;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A convolution is linear in its argument and in its weights: {@code <g, conv(x, w)>} is {@code
 * <gradX, x>}, {@code <gradW, w>}, and {@code <gradB, b>} for its bias.
 */
class ConvolutionBackwardTest {

  @Test
  void gradientsAreThoseOfTheForwardOperator() {
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      long groups = 1L + random.nextInt(3);
      long[] stride = {1 + random.nextInt(3), 1 + random.nextInt(2)};
      long[] padding = {random.nextInt(3), random.nextInt(2)};
      long[] dilation = {1 + random.nextInt(2), 1 + random.nextInt(2)};
      Tensor x = tensor(random, 2, groups * (1 + random.nextInt(2)), 6, 7);
      Tensor w =
          tensor(
              random,
              groups * (1 + random.nextInt(3)),
              x.size(1) / groups,
              1 + random.nextInt(3),
              1 + random.nextInt(3));
      Tensor b = tensor(random, w.size(0));
      List<EValue> geometry = List.of(ints(stride), ints(padding), ints(dilation));
      Tensor zero = Tensor.zeros(DType.FLOAT64, w.size(0));
      Tensor withoutBias = forward(x, w, zero, geometry, groups);
      Tensor g = tensor(random, withoutBias.shape());

      Tensor[] gradients = backward(g, x, w, geometry, groups, true);
      double product = dot(g, withoutBias);
      String what = "call " + i;
      assertThat(dot(gradients[0], x)).as(what).isCloseTo(product, within(1e-9));
      assertThat(dot(gradients[1], w)).as(what).isCloseTo(product, within(1e-9));
      assertThat(dot(gradients[2], b))
          .as(what)
          .isCloseTo(dot(g, forward(x, w, b, geometry, groups)) - product, within(1e-9));

      Tensor[] some = backward(g, x, w, geometry, groups, false);
      assertThat(dot(some[0], some[0])).as(what).isZero();
      assertThat(dot(some[1], w)).as(what).isCloseTo(product, within(1e-9));
    }
  }

  @Test
  void refusesGradientsOfAnotherShape() {
    Random random = new Random(1);
    List<EValue> geometry = List.of(ints(1, 1), ints(0, 0), ints(1, 1));
    Tensor x = tensor(random, 1, 2, 4, 4);
    Tensor w = tensor(random, 2, 2, 3, 3);
    assertThatThrownBy(() -> backward(tensor(random, 1, 2, 3, 3), x, w, geometry, 1, true))
        .isInstanceOf(SconceException.class)
        .hasMessageContaining("grad_output");
  }

  private static Tensor forward(Tensor x, Tensor w, Tensor b, List<EValue> geometry, long groups) {
    Tensor out = Tensor.zeros(DType.FLOAT64, x.size(0), w.size(0), 12, 12);
    Stream<EValue> operands = Stream.of(EValue.from(x), EValue.from(w), EValue.from(b));
    Stream<EValue> rest = Stream.of(EValue.from(false), ints(0, 0), EValue.from(groups));
    List<EValue> arguments =
        Stream.concat(Stream.concat(operands, geometry.stream()), rest).toList();
    return OperatorRunner.run("aten::convolution.out", arguments, List.of(EValue.from(out)))
        .getFirst()
        .toTensor();
  }

  private static Tensor[] backward(
      Tensor g, Tensor x, Tensor w, List<EValue> geometry, long groups, boolean toInput) {
    Tensor[] outs = {
      Tensor.zeros(DType.FLOAT64, x.shape()),
      Tensor.zeros(DType.FLOAT64, w.shape()),
      Tensor.zeros(DType.FLOAT64, w.size(0))
    };
    Stream<EValue> operands =
        Stream.of(EValue.from(g), EValue.from(x), EValue.from(w), ints(w.size(0)));
    EValue mask =
        new EValue.OfList(List.of(EValue.from(toInput), EValue.from(true), EValue.from(true)));
    Stream<EValue> rest = Stream.of(EValue.from(false), ints(0, 0), EValue.from(groups), mask);
    OperatorRunner.run(
        "aten::convolution_backward.out",
        Stream.concat(Stream.concat(operands, geometry.stream()), rest).toList(),
        Stream.of(outs).map(EValue::from).toList());
    return outs;
  }

  private static EValue ints(long... values) {
    return new EValue.OfList(LongStream.of(values).mapToObj(EValue::from).toList());
  }

  private static Tensor tensor(Random random, long... shape) {
    int count = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
    return Tensor.of(random.doubles(count, -1, 1).toArray(), shape);
  }

  private static double dot(Tensor a, Tensor b) {
    double sum = 0;
    for (long i = 0; i < a.numel(); i++) {
      sum +=
          a.memory().getAtIndex(ValueLayout.JAVA_DOUBLE, i)
              * b.memory().getAtIndex(ValueLayout.JAVA_DOUBLE, i);
    }
    return sum;
  }
}
