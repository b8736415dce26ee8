package dev.sconce.export.emitted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.export.recipe.Recipe;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphText;
import dev.sconce.graph.emit.ProgramEmitter;
import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is computed at export has the bits that a program computes. */
final class EmittedConstantsTest {

  /** A table of angles, a mask, and what is changed in place, as a block of somebody's may have. */
  private static final String BLOCK =
      """
      graph f(%i: int64[1], %x: float32[1]) {
        param %positions: float32[24] = "positions"
        param %frequencies: float32[4] = "frequencies"
        buffer %sums: float32[1, 4]
        %a: float32[24, 1] = aten::view_copy.out(%positions, [24, 1])
        %b: float32[24, 4] = aten::mul.out(%a, %frequencies)
        %cos: float32[24, 4] = aten::cos.out(%b)
        %sin: float32[24, 4] = aten::sin.out(%b)
        %angles: float32[24, 8] = aten::cat.out([%cos, %sin], 1)
        %shares: float32[24, 4] = aten::_softmax.out(%b, -1, false)
        %whole: int64[24] = aten::_to_copy.out(%positions, false, none)
        %seen: bool[24] = aten::lt.Scalar_out(%whole, 7)
        %turned: float32[4, 24] = aten::permute_copy.out(%b, [1, 0])
        %line: float32[4] = aten::full.out([4], 0.5)
        %row: float32[1, 4] = aten::view_copy.out(%line, [1, 4])
        aten::index_put_(%line, [%i], %x, false)
        %late: float32[4] = aten::neg.out(%line)
        %sums <- aten::add.out(%sums, %row, 1)
        %ring: float32[1, 4] = aten::alias_copy.out(%sums)
        return %angles, %shares, %seen, %turned, %row, %late, %ring
      }
      """;

  @TempDir private Path folder;

  /** Floats from -3 in steps that no sum of powers of two makes. */
  private record Steps(String identity, long byteSize) implements ConstantData {
    @Override
    public void writeTo(MemorySegment target) {
      ValueLayout.OfFloat layout =
          ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < byteSize / Float.BYTES; i++) {
        target.set(layout, (long) i * Float.BYTES, -3 + i * 0.37f);
      }
    }
  }

  private static Graph parse() {
    return GraphText.parse(
        BLOCK,
        OperatorCatalogue.standard(),
        identity -> new Steps(identity, identity.equals("positions") ? 96 : 16));
  }

  private EValue[] run(Graph graph) throws IOException {
    Path file = folder.resolve("program.pte");
    ProgramEmitter.write(List.of(graph), List.of(), file, (_, _, _) -> {});
    try (PteModule module = PteModule.load(file)) {
      EValue index = EValue.from(Tensor.of(new long[] {2}));
      EValue number = EValue.from(Tensor.of(new float[] {9}, 1));
      EValue[] made = module.execute("f", index, number);
      for (int i = 0; i < made.length; i++) {
        made[i] = EValue.from(made[i].toTensor().copy());
      }
      return made;
    }
  }

  @Test
  void foldedConstantsHaveTheBitsThatAProgramComputes() throws IOException {
    EValue[] computed = run(parse());
    Graph folded = new Recipe.Portable().lower(parse()).graph();
    EValue[] stored = run(folded);
    assertThat(stored).hasSameSizeAs(computed);
    for (int i = 0; i < stored.length; i++) {
      assertThat(stored[i].toTensor().memory().toArray(ValueLayout.JAVA_BYTE))
          .as("output " + i)
          .isEqualTo(computed[i].toTensor().memory().toArray(ValueLayout.JAVA_BYTE));
    }
    // What is left: full, its copy, index_put_, neg, add, alias_copy.
    assertThat(folded.nodes()).hasSize(6);
  }
}
