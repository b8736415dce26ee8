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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fourier transforms and the operators that look into complex numbers. */
class FourierOperatorsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 12, 16, 30, 31, 64, 97, 100})
  void transformsAsTheDefinitionSays(int n) {
    double[] x = random(n, n);
    Tensor parts = parts(forward(real(x, n), 0, 0));
    for (int k = 0; k <= n / 2; k++) {
      double re = 0;
      double im = 0;
      for (int j = 0; j < n; j++) {
        re += x[j] * Math.cos(2 * Math.PI * j * k / n);
        im -= x[j] * Math.sin(2 * Math.PI * j * k / n);
      }
      assertThat(parts.get(k, 0)).isCloseTo(re, within(1e-11));
      assertThat(parts.get(k, 1)).isCloseTo(im, within(1e-11));
    }
  }

  @Test
  void comesBackAlongSeveralDimensions() {
    long[] shape = {3, 5, 8};
    double[] x = random(120, 7);
    long[][] orders = {{2}, {0, 1}, {1, 2}, {2, 0, 1}, {0, 1, 2}};
    for (long[] dims : orders) {
      int last = (int) dims[dims.length - 1];
      Tensor middle = forward(real(x, shape), 0, dims);
      Tensor back = Tensor.zeros(DType.FLOAT64, shape);
      OperatorRunner.run(
          "aten::_fft_c2r.out",
          List.of(EValue.from(middle), ints(dims), EValue.from(2L), EValue.from(shape[last])),
          List.of(EValue.from(back)));
      for (int i = 0; i < x.length; i++) {
        double value = back.memory().getAtIndex(ValueLayout.JAVA_DOUBLE, i);
        assertThat(value).as("dims %s", List.of(dims)).isCloseTo(x[i], within(1e-12));
      }
    }
  }

  @Test
  void conjugateTurnsTheImaginaryPart() {
    Tensor transformed = forward(real(random(6, 1), 6), 0, 0);
    Tensor out = Tensor.zeros(DType.COMPLEX128, 4);
    OperatorRunner.run(
        "aten::_conj_physical.out", List.of(EValue.from(transformed)), List.of(EValue.from(out)));
    for (int k = 0; k < 4; k++) {
      assertThat(parts(out).get(k, 0)).isEqualTo(parts(transformed).get(k, 0));
      assertThat(parts(out).get(k, 1)).isEqualTo(-parts(transformed).get(k, 1));
    }
  }

  @Test
  void refusesWhatHasNoTransform() {
    Tensor x = real(random(6, 1), 2, 3);
    assertThatThrownBy(() -> forward(x, 3, 0)).isInstanceOf(SconceException.class);
    assertThatThrownBy(() -> forward(x, 0, 2)).isInstanceOf(SconceException.class);
    assertThatThrownBy(() -> forward(x, 0, 1, 1)).isInstanceOf(SconceException.class);
    assertThatThrownBy(() -> forward(x, 0)).isInstanceOf(SconceException.class);
    assertThatThrownBy(() -> forward(Tensor.zeros(DType.FLOAT64, 2, 0), 0, 1))
        .isInstanceOf(SconceException.class);
    assertThatThrownBy(() -> forward(Tensor.zeros(DType.INT64, 2, 2), 0, 1))
        .isInstanceOf(SconceException.class);
  }

  private static Tensor forward(Tensor x, long normalization, long... dims) {
    long[] shape = x.shape().clone();
    if (dims.length > 0 && dims[dims.length - 1] < shape.length) {
      int last = (int) dims[dims.length - 1];
      shape[last] = shape[last] / 2 + 1;
    }
    Tensor out = Tensor.zeros(DType.COMPLEX128, shape);
    OperatorRunner.run(
        "aten::_fft_r2c.out",
        List.of(EValue.from(x), ints(dims), EValue.from(normalization), EValue.from(true)),
        List.of(EValue.from(out)));
    return out;
  }

  private static Tensor parts(Tensor complex) {
    long[] shape = LongStream.concat(LongStream.of(complex.shape()), LongStream.of(2)).toArray();
    Tensor out = Tensor.zeros(DType.FLOAT64, shape);
    OperatorRunner.run(
        "aten::view_as_real_copy.out", List.of(EValue.from(complex)), List.of(EValue.from(out)));
    return out;
  }

  private static EValue ints(long... values) {
    return new EValue.OfList(LongStream.of(values).mapToObj(EValue::from).toList());
  }

  private static Tensor real(double[] values, long... shape) {
    return Tensor.of(values, shape);
  }

  private static double[] random(int count, int seed) {
    return new Random(seed).doubles(count, -1, 1).toArray();
  }
}
