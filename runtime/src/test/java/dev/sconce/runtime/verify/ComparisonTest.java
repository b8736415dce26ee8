package dev.sconce.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final Tolerance EXACT = new Tolerance(0, 0);

  @Test
  void findsTheLargestDifferenceAndItsPlace() {
    OutputCheck check =
        compare(
            Tensor.of(new float[] {1, 2, 3, 4}, 2, 2),
            Tensor.of(new float[] {1, 2.5f, 3, 4.25f}, 2, 2),
            new Tolerance(0, 0.3));

    assertThat(check.passed()).isFalse();
    assertThat(check.problem()).isEqualTo("1 of 4 elements out of tolerance");
    assertThat(check.maxAbsolute()).isEqualTo(0.5);
    assertThat(check.maxRelative()).isEqualTo(0.25);
    assertThat(check.where()).isEqualTo("[0, 1]");
  }

  @Test
  void nanEqualsNanAndInfinitiesOnlyThemselves() {
    float inf = Float.POSITIVE_INFINITY;
    Tensor special = Tensor.of(new float[] {Float.NaN, inf, -inf});
    assertThat(compare(special, special.copy(), EXACT).passed()).isTrue();
    assertThat(
            compare(special, Tensor.of(new float[] {Float.NaN, inf, inf}), new Tolerance(1e9, 1e9))
                .passed())
        .isFalse();
    assertThat(
            compare(special, Tensor.of(new float[] {0, inf, -inf}), new Tolerance(1e9, 1e9))
                .passed())
        .isFalse();
  }

  @Test
  void integersMayDifferOnlyByAnAbsoluteToleranceOfOneOrMore() {
    Tensor expected = Tensor.of(new long[] {1L << 60, 5});
    Tensor actual = Tensor.of(new long[] {(1L << 60) + 1, 5});
    assertThat(compare(expected, actual, new Tolerance(1, 0.5)).passed()).isFalse();
    assertThat(
            compare(Tensor.of(new long[] {7}), Tensor.of(new long[] {8}), new Tolerance(0, 1))
                .passed())
        .isTrue();
  }

  @Test
  void typeShapeAndKindMustBeEqual() {
    Tensor tensor = Tensor.of(new float[] {1, 2});
    assertThat(compare(tensor, Tensor.of(new double[] {1, 2}), EXACT).problem()).contains("dtype");
    assertThat(compare(tensor, Tensor.of(new float[] {1, 2}, 2, 1), EXACT).problem())
        .contains("shape");
    assertThat(Comparison.compare("x", EValue.from(1L), null, EValue.from(1.0), EXACT).problem())
        .contains("expected");
  }

  @Test
  void comparesLogicalElementsWhateverTheirOrderInMemory() {
    Tensor rows = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor columns = rows.copy(1, 0);
    assertThat(compare(rows, columns, EXACT).passed()).isTrue();
    assertThat(
            Comparison.compare("x", EValue.from(rows), List.of(0, 1), EValue.from(columns), EXACT)
                .problem())
        .contains("dim order");
  }

  private static OutputCheck compare(Tensor expected, Tensor actual, Tolerance tolerance) {
    return Comparison.compare("out0", EValue.from(expected), null, EValue.from(actual), tolerance);
  }
}
