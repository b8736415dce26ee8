package dev.sconce.graph.xnnpack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.format.xnnpack.BinaryOperator;
import dev.sconce.format.xnnpack.XnnNode;
import dev.sconce.format.xnnpack.XnnOperation;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Graphs;
import dev.sconce.graph.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

final class XnnpackPartitionerTest {

  @Test
  void unsupportedCallInTheMiddleMakesTwoPieces() {
    Graph graph =
        partition(
            """
            graph f(%x: float32[1, S, 8], %i: int64[1]) where S in 1..9 {
              %a: float32[1, S, 8] = aten::mul.out(%x, %x)
              %b: float32[1, S, 8] = aten::sigmoid.out(%a)
              %c: float32[1, 1, 8] = aten::index_select.out(%b, 1, %i)
              %d: float32[1, S, 8] = aten::add.out(%c, %a, 1)
              return %d
            }
            """);
    assertThat(kinds(graph)).containsExactly("delegate", "aten::index_select.out", "delegate");
    Node.Delegate first = (Node.Delegate) graph.nodes().getFirst();
    assertThat(first.inputs()).extracting(Object::toString).containsExactly("%x");
    assertThat(first.results()).extracting(Object::toString).containsExactly("%a", "%b");
  }

  @Test
  void independentBranchesJoinOnePiece() {
    Graph graph =
        partition(
            """
            graph f(%x: float32[4], %y: float32[4]) {
              %a: float32[4] = aten::neg.out(%x)
              %b: float32[4] = aten::exp.out(%y)
              return %a, %b
            }
            """);
    assertThat(kinds(graph)).containsExactly("delegate");
  }

  @Test
  void productTakesMatricesAsTheyLie() {
    assertThat(
            operations(
                """
                graph f(%a: float32[6, S, 4], %b: float32[6, 9, 4]) where S in 1..9 {
                  %t: float32[6, 4, 9] = aten::permute_copy.out(%b, [0, 2, 1])
                  %y: float32[6, S, 9] = aten::bmm.out(%a, %t)
                  return %y
                }
                """))
        .containsExactly(new XnnOperation.Binary(BinaryOperator.BATCH_MATRIX_MULTIPLY, 1, 0, 2, 1));
  }

  @Test
  void matricesThatOthersReadAreTurned() {
    assertThat(
            operations(
                """
                graph f(%a: float32[6, S, 4], %b: float32[6, 9, 4]) where S in 1..9 {
                  %t: float32[6, 4, 9] = aten::permute_copy.out(%b, [0, 2, 1])
                  %y: float32[6, S, 9] = aten::bmm.out(%a, %t)
                  %n: float32[6, 4, 9] = aten::neg.out(%t)
                  return %y, %n
                }
                """))
        .hasSize(3)
        .contains(new XnnOperation.Binary(BinaryOperator.BATCH_MATRIX_MULTIPLY, 1, 0, 3, 1));
  }

  private static List<XnnOperation> operations(String text) {
    Node.Delegate delegate = (Node.Delegate) partition(text).nodes().getFirst();
    return ((XnnpackSubgraph) delegate.subgraph())
        .graph().nodes().stream().map(XnnNode::operation).toList();
  }

  @Test
  void readersOfABufferStayOnTheirSideOfItsChange() {
    Graph graph =
        partition(
            """
            graph f(%x: float32[4], %i: int64[1], %v: float32[1]) {
              buffer %b: float32[4]
              %before: float32[4] = aten::mul.out(%b, %x)
              aten::index_put_(%b, [%i], %v, false)
              %after: float32[4] = aten::mul.out(%b, %x)
              return %before, %after
            }
            """);
    assertThat(kinds(graph)).containsExactly("delegate", "aten::index_put_", "delegate");
  }

  @Test
  void equalWritesKeepTheirPlaces() {
    Graph graph =
        partition(
            """
            graph f(%x: float32[4], %i: int64[1], %v: float32[1], %w: float32[1]) {
              buffer %b: float32[4]
              aten::index_put_(%b, [%i], %v, false)
              %first: float32[4] = aten::mul.out(%b, %x)
              aten::index_put_(%b, [%i], %w, false)
              %second: float32[4] = aten::mul.out(%b, %x)
              aten::index_put_(%b, [%i], %v, false)
              %third: float32[4] = aten::mul.out(%b, %x)
              return %first, %second, %third
            }
            """);
    assertThat(kinds(graph))
        .containsExactly(
            "aten::index_put_",
            "delegate",
            "aten::index_put_",
            "delegate",
            "aten::index_put_",
            "delegate");
  }

  @Test
  void pieceThatOnlyMovesDataIsNotWorthACall() {
    Graph graph =
        partition(
            """
            graph f(%x: float32[2, 3]) {
              %a: float32[3, 2] = aten::permute_copy.out(%x, [1, 0])
              %b: float32[6] = aten::view_copy.out(%a, [6])
              return %b
            }
            """);
    assertThat(kinds(graph)).containsExactly("aten::permute_copy.out", "aten::view_copy.out");
  }

  @Test
  void changesOfShapeOnTheWayIntoAPieceStayOutside() {
    Graph graph =
        partition(
            """
            graph f(%x: float32[1, 2, 3]) {
              %a: float32[2, 3] = aten::view_copy.out(%x, [2, 3])
              %b: float32[2, 3] = aten::neg.out(%a)
              %c: float32[6] = aten::view_copy.out(%b, [6])
              %d: float32[6] = aten::exp.out(%c)
              return %d
            }
            """);
    assertThat(kinds(graph)).containsExactly("aten::view_copy.out", "delegate");
  }

  @Test
  void everyLeftoverHasAReason() {
    XnnpackPartitioner partitioner = new XnnpackPartitioner();
    partitioner.partition(
        Graphs.parse(
            """
            graph f(%x: float32[2, 3], %n: int64[2, 3]) {
              %a: float32[2, 3] = aten::gelu.out(%x, "tanh")
              %b: int64[2, 3] = aten::neg.out(%n)
              %c: float32[2, 3] = aten::_softmax.out(%x, 0, false)
              return %a, %b, %c
            }
            """));
    assertThat(partitioner.leftovers())
        .extracting(XnnpackPartitioner.Leftover::reason)
        .containsExactly(
            "XNNPACK has the exact GELU only",
            "%n is int64[2, 3]",
            "softmax is not over the last dimension");
  }

  @Test
  void callsOfRegionsWithoutProductsHaveAReason() {
    XnnpackPartitioner partitioner = new XnnpackPartitioner();
    partitioner.partition(
        Graphs.parse(
            """
            graph f(%x: float32[4], %c: bool[1]) {
              %y: float32[4] = if %c {
                %a: float32[4] = aten::neg.out(%x)
                yield %a
              } else {
                %b: float32[4] = aten::sign.out(%x)
                yield %b
              }
              return %y
            }
            """));
    assertThat(partitioner.leftovers())
        .extracting(XnnpackPartitioner.Leftover::reason)
        .containsExactly("in a choice, and of few elements", "XNNPACK has no such operator");
  }

  @Test
  void regionsWithProductsArePartitionedOnTheirOwn() {
    Graph graph =
        partition(
            """
            graph f(%x: float32[4, 4], %c: bool[1]) {
              %y: float32[4, 4] = if %c {
                %p: float32[4, 4] = aten::mm.out(%x, %x)
                %a: float32[4, 4] = aten::neg.out(%p)
                yield %a
              } else {
                %b: float32[4, 4] = aten::exp.out(%x)
                yield %b
              }
              return %y
            }
            """);
    Node.Branch branch = (Node.Branch) graph.nodes().getFirst();
    assertThat(branch.then().nodes()).last().isInstanceOf(Node.Delegate.class);
    assertThat(branch.otherwise().nodes()).singleElement().isInstanceOf(Node.Call.class);
  }

  @Test
  void changesOfFixedShapesAtTheEndOfAPieceStayOutside() {
    Graph graph =
        partition(
            """
            graph f(%x: float32[4, 4]) {
              %a: float32[4, 4] = aten::neg.out(%x)
              %v: float32[2, 8] = aten::view_copy.out(%a, [2, 8])
              %b: float32[2, 8] = aten::exp.out(%v)
              %w: float32[16] = aten::view_copy.out(%b, [16])
              %s: int64[1] = aten::argmax.out(%w, -1, true)
              return %s
            }
            """);
    assertThat(kinds(graph)).containsExactly("delegate", "aten::view_copy.out", "aten::argmax.out");
  }

  @Test
  void regionsWithoutProductsKeepPiecesThatComputeManyElements() {
    Graph graph =
        partition(
            """
            graph f(%x: float32[2, 8192], %max: float32[2, 1], %c: bool[1]) {
              %y: float32[2, 8192] = if %c {
                %few: float32[2, 1] = aten::neg.out(%max)
                %place: int64[2, 1] = aten::argmax.out(%few, -1, true)
                %great: float32[2, 1] = aten::gather.out(%few, 1, %place, false)
                %less: float32[2, 8192] = aten::sub.out(%x, %great, 1)
                %weights: float32[2, 8192] = aten::exp.out(%less)
                yield %weights
              } else {
                yield %x
              }
              return %y
            }
            """);
    Node.Branch branch = (Node.Branch) graph.nodes().getFirst();
    assertThat(kinds(branch.then().nodes()))
        .containsExactly("aten::neg.out", "aten::argmax.out", "aten::gather.out", "delegate");
  }

  @Test
  void callsThatWriteBuffersStayOutsideAndInOrder() {
    Graph graph =
        partition(
            """
            graph f(%x: float32[4]) {
              buffer %state: float32[4]
              %a: float32[4] = aten::neg.out(%state)
              %state <- aten::exp.out(%x)
              %b: float32[4] = aten::abs.out(%state)
              %c: float32[4] = aten::add.out(%a, %b, 1)
              return %c
            }
            """);
    assertThat(kinds(graph)).containsExactly("delegate", "aten::exp.out", "delegate");
  }

  private static Graph partition(String text) {
    return new XnnpackPartitioner().partition(Graphs.parse(text));
  }

  private static List<String> kinds(Graph graph) {
    return kinds(graph.nodes());
  }

  private static List<String> kinds(List<Node> nodes) {
    return nodes.stream()
        .map(
            node ->
                switch (node) {
                  case Node.Call call -> call.operator().fullName();
                  case Node.Delegate _ -> "delegate";
                  case Node.Branch _ -> "branch";
                  case Node.Loop _ -> "loop";
                  case Node.Assign _ -> "assign";
                })
        .toList();
  }
}
