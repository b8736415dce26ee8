package dev.sconce.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.graph.Graph;
import dev.sconce.graph.Graphs;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class RulesTest {

  @Test
  void meanOverTheLastDimensionBecomesAProduct() {
    assertRewritten(
        new MeanAsProduct(),
        """
        graph f(%x: float32[1, S, 40]) where S in 1..9 {
          %m: float32[1, S, 1] = aten::mean.out(%x, [-1], true, none)
          return %m
        }
        """,
        """
        graph f(%x: float32[1, S, 40]) where S in 1..9 {
          param %r1.mean.40: float32[1, 40] = "a row of 1/40"
          %r1.1: float32[1, S, 1] = aten::linear.out(%x, %r1.mean.40, none)
          return %r1.1
        }
        """);
  }

  @Test
  void meanOverAnotherDimensionStays() {
    assertUntouched(
        new MeanAsProduct(),
        """
        graph f(%x: float32[1, S, 40]) where S in 1..9 {
          %m: float32[1, 1, 40] = aten::mean.out(%x, [1], true, none)
          return %m
        }
        """);
  }

  @Test
  void numberAddedToAProductBecomesItsBias() {
    assertRewritten(
        new NumberAsBias(),
        """
        graph f(%x: float32[1, S, 4]) where S in 1..9 {
          param %w: float32[2, 4] = "w"
          %m: float32[1, S, 2] = aten::linear.out(%x, %w, none)
          %y: float32[1, S, 2] = aten::add.Scalar_out(%m, 0.5, 1)
          return %y
        }
        """,
        """
        graph f(%x: float32[1, S, 4]) where S in 1..9 {
          param %w: float32[2, 4] = "w"
          param %r1.bias: float32[2] = "a bias of 2 times 0.5"
          %m: float32[1, S, 2] = aten::linear.out(%x, %w, none)
          %r1.1: float32[1, S, 2] = aten::linear.out(%x, %w, %r1.bias)
          return %r1.1
        }
        """);
  }

  @Test
  void numberAddedToAProductWithABiasStays() {
    assertUntouched(
        new NumberAsBias(),
        """
        graph f(%x: float32[1, S, 4]) where S in 1..9 {
          param %w: float32[2, 4] = "w"
          param %b: float32[2] = "b"
          %m: float32[1, S, 2] = aten::linear.out(%x, %w, %b)
          %y: float32[1, S, 2] = aten::add.Scalar_out(%m, 0.5, 1)
          return %y
        }
        """);
  }

  @Test
  void numberAddedTwiceToAProductStays() {
    assertUntouched(
        new NumberAsBias(),
        """
        graph f(%x: float32[4, 4]) {
          param %w: float32[2, 4] = "w"
          %m: float32[4, 2] = aten::linear.out(%x, %w, none)
          %y: float32[4, 2] = aten::add.Scalar_out(%m, 0.5, 2)
          return %y
        }
        """);
  }

  @Test
  void tanhGeluIsWrittenOut() {
    assertRewritten(
        new DecomposeTanhGelu(),
        """
        graph f(%x: float32[4]) {
          %y: float32[4] = aten::gelu.out(%x, "tanh")
          return %y
        }
        """,
        """
        graph f(%x: float32[4]) {
          %r1.1: float32[4] = aten::mul.out(%x, %x)
          %r1.2: float32[4] = aten::mul.out(%r1.1, %x)
          %r1.3: float32[4] = aten::mul.Scalar_out(%r1.2, 0.044715)
          %r1.4: float32[4] = aten::add.out(%r1.3, %x, 1)
          %r1.5: float32[4] = aten::mul.Scalar_out(%r1.4, 0.7978845608028654)
          %r1.6: float32[4] = aten::tanh.out(%r1.5)
          %r1.7: float32[4] = aten::add.Scalar_out(%r1.6, 1.0, 1)
          %r1.8: float32[4] = aten::mul.Scalar_out(%x, 0.5)
          %r1.9: float32[4] = aten::mul.out(%r1.8, %r1.7)
          return %r1.9
        }
        """);
  }

  @Test
  void exactGeluStays() {
    assertUntouched(
        new DecomposeTanhGelu(),
        """
        graph f(%x: float32[4]) {
          %y: float32[4] = aten::gelu.out(%x, "none")
          return %y
        }
        """);
  }

  @Test
  void changesOfShapeBecomeViewsInsideOfRegionsToo() {
    assertRewritten(
        AliasViews::new,
        """
        graph f(%x: float32[1, S, 4], %c: bool[1]) where S in 1..9 {
          %y: float32[S, 4] = aten::view_copy.out(%x, [-1, 4])
          %z: float32[S, 1, 4] = if %c {
            %a: float32[S, 1, 4] = aten::unsqueeze_copy.out(%y, 1)
            yield %a
          } else {
            %b: float32[S, 1, 4] = aten::unsqueeze_copy.out(%y, 1)
            yield %b
          }
          return %z
        }
        """,
        """
        graph f(%x: float32[1, S, 4], %c: bool[1]) where S in 1..9 {
          %r1.1: float32[S, 4] = executorch_prim::et_view.default(%x, [-1, 4])
          %z: float32[S, 1, 4] = if %c {
            %r1.2: float32[S, 1, 4] = executorch_prim::et_view.default(%r1.1, [-1, 1, 4])
            yield %r1.2
          } else {
            %r1.3: float32[S, 1, 4] = executorch_prim::et_view.default(%r1.1, [-1, 1, 4])
            yield %r1.3
          }
          return %z
        }
        """);
  }

  @Test
  void viewOfABufferStaysACopy() {
    assertUntouched(
        AliasViews::new,
        """
        graph f(%x: float32[4]) {
          buffer %b: float32[2, 2]
          %y: float32[4] = aten::view_copy.out(%b, [4])
          return %y
        }
        """);
  }

  /** A view would let the change reach what was copied, or the other way round. */
  @Test
  void viewOfWhatIsChangedInPlaceStaysACopy() {
    assertUntouched(
        AliasViews::new,
        """
        graph f(%x: float32[4], %i: int64[1], %v: float32[1]) {
          param %p: float32[4] = "p"
          %a: float32[2, 2] = aten::view_copy.out(%p, [2, 2])
          %b: float32[1, 4] = aten::unsqueeze_copy.out(%x, 0)
          aten::index_put_(%a, [%i], %v, false)
          aten::index_put_(%x, [%i], %v, false)
          return %a, %b
        }
        """);
  }

  @Test
  void deadCallsAndTheirParametersGoAndEffectsStay() {
    Graph graph =
        Graphs.parse(
            """
            graph f(%x: float32[4], %i: int64[1]) {
              param %p: float32[4] = "p"
              param %q: float32[1] = "q"
              buffer %b: float32[4]
              %d: float32[4] = aten::mul.out(%x, %p)
              %e: float32[4] = aten::neg.out(%d)
              aten::index_put_(%b, [%i], %q, false)
              %y: float32[4] = aten::abs.out(%x)
              return %y
            }
            """);
    assertThat(DeadNodes.remove(graph))
        .hasToString(
            """
            graph f(%x: float32[4], %i: int64[1]) {
              param %q: float32[1] = "q"
              buffer %b: float32[4]
              aten::index_put_(%b, [%i], %q, false)
              %y: float32[4] = aten::abs.out(%x)
              return %y
            }
            """);
  }

  private static void assertRewritten(CallRule rule, String before, String after) {
    assertRewritten(_ -> rule, before, after);
  }

  private static void assertRewritten(Function<Graph, CallRule> rule, String before, String after) {
    Graph graph = Graphs.parse(before);
    assertThat(Rewriter.apply(graph, rule.apply(graph))).hasToString(after);
  }

  private static void assertUntouched(CallRule rule, String text) {
    assertRewritten(rule, text, text);
  }

  private static void assertUntouched(Function<Graph, CallRule> rule, String text) {
    assertRewritten(rule, text, text);
  }
}
