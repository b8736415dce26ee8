package dev.sconce.export.emitted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphText;
import dev.sconce.graph.emit.ProgramEmitter;
import dev.sconce.graph.pass.AliasViews;
import dev.sconce.graph.pass.DeadNodes;
import dev.sconce.graph.pass.Rewriter;
import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loops, choices, variables and buffers of graphs do in a program what they say. */
final class EmittedControlTest {

  @TempDir private Path folder;

  private PteModule emit(String... texts) throws IOException {
    List<Graph> graphs = Arrays.stream(texts).map(EmittedControlTest::parse).toList();
    Path file = folder.resolve("program.pte");
    ProgramEmitter.write(graphs, List.of(), file, (_, _, _) -> {});
    return PteModule.load(file);
  }

  private static Graph parse(String text) {
    Graph graph = GraphText.parse(text, OperatorCatalogue.standard(), Nothing::new);
    return DeadNodes.remove(Rewriter.apply(graph, new AliasViews(graph)));
  }

  private record Nothing(String identity) implements ConstantData {
    @Override
    public long byteSize() {
      return 0;
    }

    @Override
    public void writeTo(MemorySegment target) {}
  }

  private static float[] floats(EValue value) {
    return value.toTensor().toFloatArray();
  }

  private static EValue number(long value) {
    return EValue.from(Tensor.of(new long[] {value}));
  }

  /** The temporaries of the body must not take the place of what it reads again next round. */
  @Test
  void whatALoopReadsStaysUntilItsEnd() throws IOException {
    try (PteModule module =
        emit(
            """
            graph f(%x: float32[4], %n: int64[1]) where N in 0..99 {
              buffer %sum: float32[4]
              var %i: int(N)
              %sum <- aten::full.out([4], 0.0)
              %i := 0
              %limit: int(N) = aten::_local_scalar_dense(%n)
              %a: float32[4] = aten::neg.out(%x)
              %t: float32[4] = aten::abs.out(%a)
              do {
                %b: float32[4] = aten::mul.out(%a, %t)
                %c: float32[4] = aten::exp.out(%b)
                %d: float32[4] = aten::add.out(%c, %a, 1)
                %sum <- aten::add.out(%sum, %d, 1)
                %j: int(N) = executorch_prim::add.Scalar(%i, 1)
                %i := %j
                %done: bool = executorch_prim::ge.Scalar(%i, %limit)
              } until %done
              %r: float32[4] = aten::alias_copy.out(%sum)
              return %r
            }
            """)) {
      float[] x = {0.5f, -1, 0, 2};
      float[] made = floats(module.execute("f", EValue.from(Tensor.of(x, 4)), number(7))[0]);
      for (int i = 0; i < 4; i++) {
        double once = Math.exp(-x[i] * Math.abs(x[i])) - x[i];
        assertThat(made[i]).isCloseTo((float) (7 * once), offset(1e-4f));
      }
    }
  }

  /** An inner loop reads what the outer body defines, and the outer one goes on with it. */
  @Test
  void loopsNest() throws IOException {
    try (PteModule module =
        emit(
            """
            graph f(%x: float32[2]) where N in 0..99 {
              buffer %sum: float32[2]
              var %i: int(N)
              var %j: int(N)
              %sum <- aten::full.out([2], 0.0)
              %i := 0
              do {
                %a: float32[2] = aten::mul.Scalar_out(%x, %i)
                %e: float32[2] = aten::exp.out(%x)
                %j := 0
                do {
                  %b: float32[2] = aten::mul.Scalar_out(%a, %j)
                  %c: float32[2] = aten::neg.out(%b)
                  %sum <- aten::sub.out(%sum, %c, 1)
                  %k: int(N) = executorch_prim::add.Scalar(%j, 1)
                  %j := %k
                  %inner: bool = executorch_prim::ge.Scalar(%j, 4)
                } until %inner
                %sum <- aten::add.out(%sum, %e, 1)
                %l: int(N) = executorch_prim::add.Scalar(%i, 1)
                %i := %l
                %outer: bool = executorch_prim::ge.Scalar(%i, 3)
              } until %outer
              return %sum
            }
            """)) {
      float[] made = floats(module.execute("f", EValue.from(Tensor.of(new float[] {1, 2}, 2)))[0]);
      // (0 + 1 + 2) · (0 + 1 + 2 + 3) · x + 3 · exp(x)
      assertThat(made[0]).isCloseTo((float) (18 + 3 * Math.E), offset(1e-4f));
      assertThat(made[1]).isCloseTo((float) (36 + 3 * Math.exp(2)), offset(1e-4f));
    }
  }

  /** What a choice reads after the other side ran lies untouched. */
  @Test
  void choicesInLoopsTakeEitherSide() throws IOException {
    try (PteModule module =
        emit(
            """
            graph f(%x: float32[2]) where N in 0..99 {
              buffer %sum: float32[2]
              var %i: int(N)
              %sum <- aten::full.out([2], 0.0)
              %i := 0
              %a: float32[2] = aten::neg.out(%x)
              do {
                %even: int(N) = executorch_prim::mod.Scalar(%i, 2)
                %odd: bool = executorch_prim::eq.Scalar(%even, 1)
                %y: float32[2] = if %odd {
                  %p: float32[2] = aten::exp.out(%x)
                  %q: float32[2] = aten::mul.Scalar_out(%p, 0.0)
                  yield %q
                } else {
                  %s: float32[2] = aten::abs.out(%a)
                  yield %s
                }
                %sum <- aten::add.out(%sum, %y, 1)
                %j: int(N) = executorch_prim::add.Scalar(%i, 1)
                %i := %j
                %done: bool = executorch_prim::ge.Scalar(%i, 5)
              } until %done
              return %sum
            }
            """)) {
      EValue x = EValue.from(Tensor.of(new float[] {-3, 4}, 2));
      assertThat(floats(module.execute("f", x)[0])).containsExactly(9, 12);
      assertThat(floats(module.execute("f", x)[0])).containsExactly(9, 12);
    }
  }

  /** A buffer of symbolic shape has the sizes of what was written last, over calls. */
  @Test
  void buffersTakeTheSizesOfWhatIsWritten() throws IOException {
    try (PteModule module =
        emit(
            """
            graph f(%x: float32[S], %keep: int64[1]) where S in 1..8, N in 0..1 {
              buffer %state: float32[S]
              %k: int(N) = aten::_local_scalar_dense(%keep)
              %same: bool = executorch_prim::eq.Scalar(%k, 1)
              if %same {
              } else {
                %state <- aten::neg.out(%x)
              }
              %r: float32[S] = aten::alias_copy.out(%state)
              return %r
            }
            """)) {
      EValue three = EValue.from(Tensor.of(new float[] {1, 2, 3}, 3));
      EValue one = EValue.from(Tensor.of(new float[] {9}, 1));
      assertThat(floats(module.execute("f", three, number(0))[0])).containsExactly(-1, -2, -3);
      assertThat(floats(module.execute("f", one, number(1))[0])).containsExactly(-1, -2, -3);
      assertThat(floats(module.execute("f", one, number(0))[0])).containsExactly(-9);
    }
  }

  /** Each method's state lies in a memory of its own. */
  @Test
  void methodsDoNotTouchEachOthersState() throws IOException {
    String method =
        """
        graph %s(%%x: float32[64]) {
          buffer %%sum: float32[64]
          %%a: float32[64] = aten::exp.out(%%x)
          %%b: float32[64] = aten::neg.out(%%a)
          %%sum <- aten::add.out(%%sum, %%x, 1)
          %%c: float32[64] = aten::add.out(%%b, %%a, 1)
          %%d: float32[64] = aten::add.out(%%c, %%sum, 1)
          return %%d
        }
        """;
    try (PteModule module = emit(method.formatted("first"), method.formatted("second"))) {
      float[] ones = new float[64];
      Arrays.fill(ones, 1);
      EValue x = EValue.from(Tensor.of(ones, 64));
      assertThat(floats(module.execute("first", x)[0])).containsOnly(1);
      assertThat(floats(module.execute("second", x)[0])).containsOnly(1);
      assertThat(floats(module.execute("first", x)[0])).containsOnly(2);
      assertThat(floats(module.execute("second", x)[0])).containsOnly(2);
    }
  }
}
