package dev.sconce.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class DimTest {

  private static final Symbol B = new Symbol("B", 1, 4);
  private static final Symbol S = new Symbol("S", 1, 64);

  @Test
  void equalPolynomialsAreEqualHoweverTheyWereBuilt() {
    Dim sum = Dim.of(S).plus(Dim.of(3)).times(Dim.of(B));
    Dim spelled = Dim.of(B).times(Dim.of(S)).plus(Dim.of(B).times(Dim.of(3)));
    assertThat(sum).isEqualTo(spelled).hasSameHashCodeAs(spelled);
    assertThat(sum).hasToString("B*S+3*B");
  }

  @Test
  void cancelledTermsLeaveNoTrace() {
    Dim zero = Dim.of(S).minus(Dim.of(S));
    assertThat(zero).isEqualTo(Dim.ZERO);
    assertThat(zero.isFixed()).isTrue();
    assertThat(zero.value()).isZero();
  }

  @Test
  void boundsFollowTheSignOfEachTerm() {
    Dim difference = Dim.of(100).minus(Dim.of(S).times(Dim.of(2)));
    assertThat(difference.max()).isEqualTo(98);
    assertThat(difference.min()).isEqualTo(-28);
    assertThat(Dim.of(S).times(Dim.of(B)).max()).isEqualTo(256);
  }

  @Test
  void evaluatesUnderAnAssignment() {
    Dim dim = Dim.of(S).times(Dim.of(B)).plus(Dim.of(7));
    assertThat(dim.evaluate(symbol -> symbol.equals(S) ? 5 : 3)).isEqualTo(22);
  }

  @Test
  void symbolicDimensionHasNoValue() {
    assertThatThrownBy(() -> Dim.of(S).value())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("S");
  }
}
