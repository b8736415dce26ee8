package dev.sconce.graph.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.graph.Graph;
import dev.sconce.graph.Graphs;
import dev.sconce.graph.Node;
import dev.sconce.graph.Value;
import dev.sconce.graph.memory.MemoryPlanner.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MemoryPlannerTest {

  private final MemoryPlanner planner = new MemoryPlanner(16);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void blocksAliveTogetherNeverOverlap(long seed) {
    Random random = new Random(seed);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      int first = random.nextInt(100);
      blocks.add(new Block(random.nextInt(1, 500), first, first + random.nextInt(12)));
    }
    MemoryPlanner.Plan plan = planner.plan(blocks);
    for (int i = 0; i < blocks.size(); i++) {
      long start = plan.offsets().get(i);
      assertThat(start % 16).isZero();
      assertThat(start + blocks.get(i).size()).isLessThanOrEqualTo(plan.size());
      for (int j = 0; j < i; j++) {
        long other = plan.offsets().get(j);
        boolean apart =
            start + blocks.get(i).size() <= other || other + blocks.get(j).size() <= start;
        assertThat(apart || !blocks.get(i).overlaps(blocks.get(j)))
            .as("seed %d, blocks %d and %d", seed, i, j)
            .isTrue();
      }
    }
  }

  @Test
  void blocksOfDifferentTimesShareAPlace() {
    MemoryPlanner.Plan plan =
        planner.plan(List.of(new Block(64, 0, 1), new Block(64, 2, 3), new Block(32, 4, 5)));
    assertThat(plan.offsets()).containsExactly(0L, 0L, 0L);
    assertThat(plan.size()).isEqualTo(64);
  }

  @Test
  void whatALoopReadsFromOutsideLivesToItsEnd() {
    Graph graph =
        Graphs.parse(
            """
            graph f(%x: float32[4]) {
              var %n: int(0)
              %a: float32[4] = aten::neg.out(%x)
              do {
                %b: float32[4] = aten::abs.out(%a)
                %c: float32[4] = aten::exp.out(%b)
                %done: bool = executorch_prim::ge.Scalar(%n, 1)
              } until %done
              return %x
            }
            """);
    Lifetimes lifetimes = Lifetimes.of(graph);
    Node.Loop loop = (Node.Loop) graph.nodes().get(1);
    Value a = graph.nodes().getFirst().results().getFirst();
    Value b = loop.body().nodes().get(0).results().getFirst();
    Value c = loop.body().nodes().get(1).results().getFirst();
    assertThat(lifetimes.last(a)).isGreaterThan(lifetimes.last(c));
    assertThat(lifetimes.last(b)).isEqualTo(lifetimes.first(c));
  }

  @Test
  void viewLivesInWhatItIsAViewOf() {
    Graph graph =
        Graphs.parse(
            """
            graph f(%x: float32[4]) {
              %a: float32[4] = aten::neg.out(%x)
              %v: float32[2, 2] = executorch_prim::et_view.default(%a, [2, 2])
              %b: float32[4] = aten::abs.out(%x)
              %c: float32[2, 2] = aten::exp.out(%v)
              return %c
            }
            """);
    Lifetimes lifetimes = Lifetimes.of(graph);
    Value a = graph.nodes().getFirst().results().getFirst();
    Value view = graph.nodes().get(1).results().getFirst();
    assertThat(lifetimes.root(view)).isSameAs(a);
    assertThat(lifetimes.last(a)).isEqualTo(4);
  }
}
