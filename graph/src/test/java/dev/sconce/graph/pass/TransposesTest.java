package dev.sconce.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.DType;
import dev.sconce.format.Ints;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Graphs;
import dev.sconce.graph.Type;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Rules that take transpositions away, or move them to where they cost nothing. */
final class TransposesTest {

  private static void assertRewritten(Function<Graph, CallRule> rule, String before, String after) {
    Graph graph = Graphs.parse(before);
    assertThat(DeadNodes.remove(Rewriter.apply(graph, rule.apply(graph)))).hasToString(after);
  }

  private static void assertUntouched(Function<Graph, CallRule> rule, String text) {
    assertRewritten(rule, text, text);
  }

  @Test
  void exchangesOfDimensionsAreWrittenAlike() {
    assertRewritten(
        _ -> new TransposeAsPermute(),
        """
        graph f(%x: float32[2, 3, 4], %m: float32[2, 3], %v: float32[5]) {
          %a: float32[4, 3, 2] = aten::transpose_copy.int_out(%x, 0, -1)
          %b: float32[3, 2] = aten::t_copy.out(%m)
          %c: float32[5] = aten::t_copy.out(%v)
          return %a, %b, %c
        }
        """,
        """
        graph f(%x: float32[2, 3, 4], %m: float32[2, 3], %v: float32[5]) {
          %r1.1: float32[4, 3, 2] = aten::permute_copy.out(%x, [2, 1, 0])
          %r1.2: float32[3, 2] = aten::permute_copy.out(%m, [1, 0])
          %r1.3: float32[5] = aten::permute_copy.out(%v, [0])
          return %r1.1, %r1.2, %r1.3
        }
        """);
  }

  @Test
  void permutationOfDimensionsOfOneIsAView() {
    assertRewritten(
        _ -> new PermuteAsView(),
        """
        graph f(%x: float32[1, 1, 4, 20], %y: float32[1, S, 4]) where S in 1..9 {
          %a: float32[1, 4, 1, 20] = aten::permute_copy.out(%x, [0, 2, 1, -1])
          %b: float32[S, 1, 4] = aten::permute_copy.out(%y, [1, 0, 2])
          return %a, %b
        }
        """,
        """
        graph f(%x: float32[1, 1, 4, 20], %y: float32[1, S, 4]) where S in 1..9 {
          %r1.1: float32[1, 4, 1, 20] = aten::view_copy.out(%x, [1, 4, 1, 20])
          %r1.2: float32[S, 1, 4] = aten::view_copy.out(%y, [-1, 1, 4])
          return %r1.1, %r1.2
        }
        """);
  }

  @Test
  void permutationOfLongerDimensionsStays() {
    assertUntouched(
        _ -> new PermuteAsView(),
        """
        graph f(%x: float32[1, S, 4, 20], %y: float32[S, T, 1]) where S in 1..9, T in 1..9 {
          %a: float32[1, 4, S, 20] = aten::permute_copy.out(%x, [0, 2, 1, 3])
          %b: float32[1, S, T] = aten::permute_copy.out(%y, [2, 0, 1])
          return %a, %b
        }
        """);
  }

  @Test
  void productWithATransposedConstantIsALinearLayer() {
    assertRewritten(
        ProductAsLinear::new,
        """
        graph f(%x: float32[S, 4], %ids: int64[1]) where S in 1..9 {
          param %w: float32[6, 4] = "w"
          param %b: float32[6] = "b"
          %t: float32[4, 6] = aten::permute_copy.out(%w, [1, 0])
          %y: float32[S, 6] = aten::mm.out(%x, %t)
          %z: float32[S, 6] = aten::addmm.out(%b, %x, %t, 1, 1)
          %e: float32[1, 4] = aten::embedding.out(%w, %ids, -1, false, false)
          return %y, %z, %e
        }
        """,
        """
        graph f(%x: float32[S, 4], %ids: int64[1]) where S in 1..9 {
          param %w: float32[6, 4] = "w"
          param %b: float32[6] = "b"
          %r1.1: float32[S, 6] = aten::linear.out(%x, %w, none)
          %r1.2: float32[S, 6] = aten::linear.out(%x, %w, %b)
          %e: float32[1, 4] = aten::embedding.out(%w, %ids, -1, false, false)
          return %r1.1, %r1.2, %e
        }
        """);
  }

  @Test
  void productWithAConstantIsALinearLayerOverItsTranspose() {
    String before =
        """
        graph f(%x: float32[S, 4], %c: bool[1]) where S in 1..9 {
          param %m: float32[4, 6] = "m"
          %y: float32[S, 6] = if %c {
            %a: float32[S, 6] = aten::mm.out(%x, %m)
            yield %a
          } else {
            %b: float32[S, 6] = aten::mm.out(%x, %m)
            yield %b
          }
          return %y
        }
        """;
    assertRewritten(
        ProductAsLinear::new,
        before,
        """
        graph f(%x: float32[S, 4], %c: bool[1]) where S in 1..9 {
          param %m: float32[4, 6] = "m"
          %y: float32[S, 6] = if %c {
            %r1.1: float32[6, 4] = aten::permute_copy.out(%m, [1, 0])
            %r1.2: float32[S, 6] = aten::linear.out(%x, %r1.1, none)
            yield %r1.2
          } else {
            %r1.3: float32[6, 4] = aten::permute_copy.out(%m, [1, 0])
            %r1.4: float32[S, 6] = aten::linear.out(%x, %r1.3, none)
            yield %r1.4
          }
          return %y
        }
        """);
    Graph graph = Graphs.parse(before);
    Graph linear = DeadNodes.remove(Rewriter.apply(graph, new ProductAsLinear(graph)));
    assertThat(DeadNodes.remove(Rewriter.apply(linear, new PermutedConstants(linear))))
        .hasToString(
            """
            graph f(%x: float32[S, 4], %c: bool[1]) where S in 1..9 {
              param %r2.m.permuted: float32[6, 4] = "m permuted [1, 0]"
              %y: float32[S, 6] = if %c {
                %r1.2: float32[S, 6] = aten::linear.out(%x, %r2.m.permuted, none)
                yield %r1.2
              } else {
                %r1.4: float32[S, 6] = aten::linear.out(%x, %r2.m.permuted, none)
                yield %r1.4
              }
              return %y
            }
            """);
  }

  /** Stored twice, the matrix of an embedding would double a small model. */
  @Test
  void productsStayIfTheirMatrixIsReadOtherwiseOrComputed() {
    assertUntouched(
        ProductAsLinear::new,
        """
        graph f(%x: float32[S, 4], %v: float32[4, 6], %ids: int64[1]) where S in 1..9 {
          param %m: float32[4, 6] = "m"
          param %q: float32[4, 4] = "q"
          %y: float32[S, 6] = aten::mm.out(%x, %m)
          %e: float32[1, 6] = aten::embedding.out(%m, %ids, -1, false, false)
          %z: float32[S, 6] = aten::mm.out(%x, %v)
          %p: float32[4, 4] = aten::mm.out(%q, %q)
          return %y, %e, %z, %p
        }
        """);
  }

  @Test
  void productsWithFactorsOrMatricesAddedStay() {
    assertUntouched(
        ProductAsLinear::new,
        """
        graph f(%x: float32[2, 4]) {
          param %m: float32[4, 6] = "m"
          param %b: float32[6] = "b"
          param %c: float32[2, 6] = "c"
          param %d: float32[1] = "d"
          %y: float32[2, 6] = aten::addmm.out(%b, %x, %m, 1, 2)
          %z: float32[2, 6] = aten::addmm.out(%b, %x, %m, 0.5, 1)
          %u: float32[2, 6] = aten::addmm.out(%c, %x, %m, 1, 1)
          %v: float32[2, 6] = aten::addmm.out(%d, %x, %m, 1, 1)
          return %y, %z, %u, %v
        }
        """);
  }

  @Test
  void constantsAreStoredAsTheyAreRead() {
    assertRewritten(
        PermutedConstants::new,
        """
        graph f(%x: float32[4, 2, 3]) {
          param %p: float32[2, 3, 4] = "p"
          %a: float32[4, 2, 3] = aten::permute_copy.out(%p, [2, 0, 1])
          %b: float32[4, 2, 3] = aten::permute_copy.out(%p, [-1, 0, 1])
          %c: float32[4, 2, 3] = aten::add.out(%x, %a, 1)
          %d: float32[4, 2, 3] = aten::mul.out(%c, %b)
          return %d
        }
        """,
        """
        graph f(%x: float32[4, 2, 3]) {
          param %r1.p.permuted: float32[4, 2, 3] = "p permuted [2, 0, 1]"
          %c: float32[4, 2, 3] = aten::add.out(%x, %r1.p.permuted, 1)
          %d: float32[4, 2, 3] = aten::mul.out(%c, %r1.p.permuted)
          return %d
        }
        """);
  }

  @Test
  void constantsThatAreReadInTwoOrdersStay() {
    assertUntouched(
        PermutedConstants::new,
        """
        graph f() {
          param %p: float32[3, 4] = "p"
          param %q: float32[3, 4, 5] = "q"
          param %r: float32[3, 4] = "r"
          %a: float32[4, 3] = aten::permute_copy.out(%p, [1, 0])
          %b: float32[3, 4] = aten::neg.out(%p)
          %c: float32[4, 3, 5] = aten::permute_copy.out(%q, [1, 0, 2])
          %d: float32[5, 4, 3] = aten::permute_copy.out(%q, [2, 1, 0])
          %e: float32[4, 3] = aten::permute_copy.out(%r, [1, 0])
          return %a, %b, %c, %d, %e, %r
        }
        """);
  }

  @Test
  void permutedCopyThatIsChangedInPlaceStays() {
    assertUntouched(
        RedundantMoves::new,
        """
        graph f(%i: int64[1], %v: float32[1, 4]) {
          param %p: float32[3, 4] = "p"
          %a: float32[3, 4] = aten::permute_copy.out(%p, [0, 1])
          %b: float32[3, 4] = aten::view_copy.out(%p, [3, 4])
          aten::index_put_(%a, [%i], %v, false)
          aten::index_put_(%b, [%i], %v, false)
          return %a, %b
        }
        """);
  }

  @Test
  void rightMatricesOfProductsAreTurnedLast() {
    assertRewritten(
        ColumnsAsRows::new,
        """
        graph f(%a: float32[6, S, 4], %x: float32[2, 9, 3, 4]) where S in 1..9 {
          buffer %b: float32[9, 6, 4]
          %p: float32[2, 3, 4, 9] = aten::permute_copy.out(%x, [0, 2, 3, 1])
          %v: float32[6, 4, 9] = aten::view_copy.out(%p, [-1, 4, 9])
          %y: float32[6, S, 9] = aten::bmm.out(%a, %v)
          %q: float32[6, 4, 9] = aten::permute_copy.out(%b, [1, 2, 0])
          %z: float32[6, S, 9] = aten::bmm.out(%a, %q)
          return %y, %z
        }
        """,
        """
        graph f(%a: float32[6, S, 4], %x: float32[2, 9, 3, 4]) where S in 1..9 {
          buffer %b: float32[9, 6, 4]
          %r1.1: float32[2, 3, 9, 4] = aten::permute_copy.out(%x, [0, 2, 1, 3])
          %r1.3: float32[6, 9, 4] = aten::view_copy.out(%r1.1, [-1, 9, 4])
          %r1.4: float32[6, 4, 9] = aten::permute_copy.out(%r1.3, [0, 2, 1])
          %y: float32[6, S, 9] = aten::bmm.out(%a, %r1.4)
          %r1.5: float32[6, 9, 4] = aten::permute_copy.out(%b, [1, 0, 2])
          %r1.6: float32[6, 4, 9] = aten::permute_copy.out(%r1.5, [0, 2, 1])
          %z: float32[6, S, 9] = aten::bmm.out(%a, %r1.6)
          return %y, %z
        }
        """);
  }

  @Test
  void matricesThatAreReadOtherwiseOrLieInRowsStay() {
    assertUntouched(
        ColumnsAsRows::new,
        """
        graph f(%a: float32[6, 4, 9], %x: float32[9, 6, 4], %c: float32[6, 9, 4]) {
          %p: float32[6, 4, 9] = aten::permute_copy.out(%x, [1, 2, 0])
          %y: float32[6, 9, 9] = aten::bmm.out(%c, %p)
          %s: float32[6, 4, 9] = aten::neg.out(%p)
          %l: float32[6, 4, 9] = aten::permute_copy.out(%x, [1, 2, 0])
          %z: float32[6, 4, 4] = aten::bmm.out(%l, %c)
          %r: float32[6, 9, 4] = aten::permute_copy.out(%x, [1, 0, 2])
          %u: float32[6, 4, 4] = aten::bmm.out(%a, %r)
          %h: float32[4, 6, 9] = aten::permute_copy.out(%x, [2, 1, 0])
          %j: float32[6, 4, 9] = aten::view_copy.out(%h, [6, 4, 9])
          %k: float32[6, 9, 9] = aten::bmm.out(%c, %j)
          return %y, %s, %z, %u, %k
        }
        """);
  }

  /** Shorts whose values are their places. */
  private record Places(int count) implements ConstantData {
    @Override
    public long byteSize() {
      return 2L * count;
    }

    @Override
    public void writeTo(MemorySegment target) {
      for (int i = 0; i < count; i++) {
        target.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i, (short) i);
      }
    }

    @Override
    public String identity() {
      return "places";
    }
  }

  /** Element {@code [i0, i1, …]} of the result is the element whose index order[k] is i_k. */
  @RepeatedTest(20)
  void permutedBytesAreThoseOfTheFormula(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    int rank = random.nextInt(5);
    long[] shape = random.longs(rank, 1, 5).toArray();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    Permutation permutation =
        new Permutation(Ints.of(order.stream().mapToInt(Integer::intValue).toArray()));
    PermutedData data =
        new PermutedData(new Places(count), Type.TensorType.of(DType.INT16, shape), permutation);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(data.byteSize());
      data.writeTo(target);
      for (int place = 0; place < count; place++) {
        long[] index = new long[rank];
        int rest = place;
        for (int i = rank - 1; i >= 0; i--) {
          index[order.get(i)] = rest % shape[order.get(i)];
          rest /= (int) shape[order.get(i)];
        }
        long from = 0;
        for (int i = 0; i < rank; i++) {
          from = from * shape[i] + index[i];
        }
        assertThat(target.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, place))
            .as("shape %s, order %s", java.util.Arrays.toString(shape), order)
            .isEqualTo((short) from);
      }
    }
  }
}
