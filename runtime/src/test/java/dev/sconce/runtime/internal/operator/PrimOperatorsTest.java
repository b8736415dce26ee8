package dev.sconce.runtime.internal.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.MalformedFileException;
import dev.sconce.kernels.Kernels;
import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.runtime.InstructionInfo;
import dev.sconce.runtime.internal.execution.CallSite;
import dev.sconce.runtime.internal.execution.ExecutionContext;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.Slot;
import dev.sconce.runtime.internal.slot.StringSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrimOperatorsTest {

  // The signs are those of the official runtime: floordiv.Scalar floors, floordiv.int truncates,
  // both remainders have the sign of the dividend.
  @ParameterizedTest
  @CsvSource({
    "floordiv.Scalar, 7, 2, 3",
    "floordiv.Scalar, -7, 2, -4",
    "floordiv.Scalar, 7, -2, -4",
    "floordiv.Scalar, -7, -2, 3",
    "floordiv.int, -7, 2, -3",
    "mod.Scalar, -7, 3, -1",
    "mod.int, 7, -3, 1",
    "add.Scalar, 2, 3, 5",
    "sub.Scalar, 2, 3, -1",
    "mul.Scalar, 3000000000, 3, 9000000000",
    "sym_max.Scalar, 2, 3, 3",
    "sym_min.Scalar, 2, 3, 2",
  })
  void computesOnInts(String name, long a, long b, long expected) {
    ScalarSlot out = ScalarSlot.of(true);
    run("executorch_prim::" + name, ScalarSlot.of(a), ScalarSlot.of(b), out);
    assertThat(out.longValue()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "add.Scalar, 1.5, 2, 3.5",
    "floordiv.Scalar, -7.5, 2, -4",
    "floordiv.Scalar, 1, 0, Infinity",
    "floordiv.Scalar, -1, 0, -Infinity",
    "truediv.Scalar, 1, 4, 0.25",
  })
  void computesOnDoubles(String name, double a, double b, double expected) {
    ScalarSlot out = ScalarSlot.of(0);
    run("executorch_prim::" + name, ScalarSlot.of(a), ScalarSlot.of(b), out);
    assertThat(out.doubleValue()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "round.Scalar, 2.5, 2", "round.Scalar, 3.5, 4", "round.Scalar, -0.5, 0",
    "ceil.Scalar, -1.5, -1", "trunc.Scalar, -1.5, -1", "sym_int.Scalar, 2.9, 2",
  })
  void roundsToInts(String name, double a, long expected) {
    ScalarSlot out = ScalarSlot.of(0.0);
    run("executorch_prim::" + name, ScalarSlot.of(a), out);
    assertThat(out.longValue()).isEqualTo(expected);
  }

  @Test
  void mixedNumbersBecomeDoublesAndNanEqualsNothing() {
    ScalarSlot out = ScalarSlot.of(0);
    run("executorch_prim::add.Scalar", ScalarSlot.of(1), ScalarSlot.of(0.5), out);
    assertThat(out.doubleValue()).isEqualTo(1.5);
    ScalarSlot nan = ScalarSlot.of(Double.NaN);
    run("executorch_prim::eq.Scalar", nan, nan, out);
    assertThat(out.boolValue()).isFalse();
  }

  @Test
  void comparesLargeIntsExactly() {
    ScalarSlot out = ScalarSlot.of(0);
    run("executorch_prim::lt.Scalar", ScalarSlot.of(1L << 60), ScalarSlot.of((1L << 60) + 1), out);
    assertThat(out.boolValue()).isTrue();
  }

  @Test
  void refusesDivisionByZeroAndBoolsInArithmetic() {
    ScalarSlot out = ScalarSlot.of(0);
    assertThatThrownBy(
            () -> run("executorch_prim::mod.int", ScalarSlot.of(1), ScalarSlot.of(0), out))
        .isInstanceOf(OperatorFailure.class);
    assertThatThrownBy(
            () -> run("executorch_prim::add.Scalar", ScalarSlot.of(1), ScalarSlot.of(true), out))
        .isInstanceOf(OperatorFailure.class);
  }

  @Test
  void refusesArgumentsOfAnotherKindWhenBound() {
    assertThatThrownBy(
            () -> run("executorch_prim::neg.Scalar", new StringSlot("x"), ScalarSlot.of(0)))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("instructions[7].args[0]")
        .hasMessageContaining("expected a number, found a string");
  }

  @Test
  void everyRegisteredOperatorIsInTheCatalogue() {
    for (String name : OperatorRegistry.standard().names()) {
      assertThat(OperatorCatalogue.standard().find(name)).as(name).isPresent();
    }
  }

  private static void run(String name, Slot... arguments) {
    CallSite site = new CallSite("test.pte", 0, new InstructionInfo("forward", 0, 7, name));
    OperatorImplementation implementation =
        Objects.requireNonNull(OperatorRegistry.standard().find(name));
    implementation
        .bind(new OperatorCall(site, new ArrayList<>(List.of(arguments)), Kernels.shared()))
        .run(new ExecutionContext(null));
  }
}
