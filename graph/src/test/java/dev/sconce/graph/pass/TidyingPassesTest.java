package dev.sconce.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphText;
import dev.sconce.graph.Graphs;
import org.junit.jupiter.api.Test;

/** Passes that remove what is done twice or undone. */
final class TidyingPassesTest {

  private static String merged(String text) {
    return CommonSubexpressions.merge(Graphs.parse(text)).toString();
  }

  private static String joined(String text) {
    Graph graph = Graphs.parse(text);
    return DeadNodes.remove(Rewriter.apply(graph, new RedundantMoves(graph))).toString();
  }

  @Test
  void equalCallsBecomeOne() {
    assertThat(
            merged(
                """
                graph f(%x: float32[4]) {
                  %a: float32[4] = aten::neg.out(%x)
                  %b: float32[4] = aten::neg.out(%x)
                  %c: float32[4] = aten::exp.out(%a)
                  %d: float32[4] = aten::exp.out(%b)
                  %e: float32[4] = aten::mul.out(%c, %d)
                  return %e
                }
                """))
        .isEqualTo(
            """
            graph f(%x: float32[4]) {
              %a: float32[4] = aten::neg.out(%x)
              %c: float32[4] = aten::exp.out(%a)
              %e: float32[4] = aten::mul.out(%c, %c)
              return %e
            }
            """);
  }

  @Test
  void callsThatReadBuffersOrDifferStay() {
    String text =
        """
        graph f(%x: float32[4], %i: int64[1]) {
          buffer %state: float32[4]
          %a: float32[4] = aten::neg.out(%state)
          aten::index_put_(%state, [%i], %x, false)
          %b: float32[4] = aten::neg.out(%state)
          %c: float32[4] = aten::mul.Scalar_out(%x, 2.0)
          %d: float32[4] = aten::mul.Scalar_out(%x, 3.0)
          return %a, %b, %c, %d
        }
        """;
    assertThat(merged(text)).isEqualTo(text);
  }

  @Test
  void randomNumbersStay() {
    String text =
        """
        graph f(%x: float32[4]) {
          %a: float32[2] = aten::rand.out([2])
          %b: float32[2] = aten::rand.out([2])
          return %a, %b
        }
        """;
    assertThat(merged(text)).isEqualTo(text);
  }

  @Test
  void permutesAreJoinedOrVanish() {
    assertThat(
            joined(
                """
                graph f(%x: float32[2, 3, 4]) {
                  %a: float32[3, 4, 2] = aten::permute_copy.out(%x, [1, 2, 0])
                  %b: float32[4, 3, 2] = aten::permute_copy.out(%a, [1, 0, 2])
                  %c: float32[2, 3, 4] = aten::permute_copy.out(%a, [2, 0, 1])
                  %d: float32[2, 3, 4] = aten::neg.out(%c)
                  return %b, %d
                }
                """))
        .isEqualTo(
            """
            graph f(%x: float32[2, 3, 4]) {
              %r1.1: float32[4, 3, 2] = aten::permute_copy.out(%x, [2, 1, 0])
              %d: float32[2, 3, 4] = aten::neg.out(%x)
              return %r1.1, %d
            }
            """);
  }

  @Test
  void viewsOfViewsAreOne() {
    assertThat(
            joined(
                """
                graph f(%x: float32[2, 6]) {
                  %a: float32[12] = aten::view_copy.out(%x, [12])
                  %b: float32[3, 4] = aten::view_copy.out(%a, [3, 4])
                  %c: float32[4, 3] = aten::view_copy.out(%b, [4, 3])
                  return %c
                }
                """))
        .isEqualTo(
            """
            graph f(%x: float32[2, 6]) {
              %r1.2: float32[4, 3] = aten::view_copy.out(%x, [4, 3])
              return %r1.2
            }
            """);
  }

  @Test
  void copiesOfBuffersAndSingleMovesStay() {
    String text =
        """
        graph f(%x: float32[2, 6], %i: int64[1]) {
          buffer %state: float32[2, 6]
          %a: float32[2, 6] = aten::view_copy.out(%state, [2, 6])
          aten::index_put_(%state, [%i], %x, false)
          %b: float32[6, 2] = aten::permute_copy.out(%x, [1, 0])
          %c: float32[12] = aten::view_copy.out(%b, [12])
          return %a, %c
        }
        """;
    assertThat(joined(text)).isEqualTo(text);
  }

  @Test
  void symbolOfOneValueIsANumber() {
    assertThat(
            GraphText.print(
                Graphs.parse("graph f(%x: float32[S]) where S in 1..1 {\n  return %x\n}\n")))
        .contains("%x: float32[1]");
  }
}
