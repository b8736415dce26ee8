package dev.sconce.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.graph.Node;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts that are longer than a piece of a call. */
final class PromptPiecesTest {

  private static final int CAPACITY = 150;
  private static final int SEED = 5;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama_bf16_sharded", "gemma2"})
  void longPromptsHaveTheAnswersOfPlainOperators(String checkpoint) throws IOException {
    Path pieces = export(checkpoint, true);
    Path plain = export(checkpoint, false);
    Random random = new Random(SEED);
    try (PteModule ours = PteModule.load(pieces);
        PteModule reference = PteModule.load(plain)) {
      for (int length : new int[] {1, 63, 64, 65, 128, 129, CAPACITY - 1}) {
        long[] ids = random.longs(length, 0, 60).toArray();
        float[] want = logits(reference, ids, 0);
        assertClose(checkpoint + ", " + length, logits(ours, ids, 0), want);
        if (length > 3) {
          // What came before, then the rest.
          logits(ours, head(ids, 3), 0);
          float[] got = logits(ours, LongStream.of(ids).skip(3).toArray(), 3);
          assertClose(checkpoint + ", 3 and " + (length - 3), got, want);
        }
      }
    }
  }

  @Test
  void anglesThatDependOnTheLengthKeepACallWhole() throws IOException {
    assertThat(loops("llama_dynamic")).isZero();
    assertThat(loops("llama_bf16_sharded")).isEqualTo(1);
  }

  private static long loops(String checkpoint) throws IOException {
    return Export.from(folder(checkpoint)).with(options(true)).methods().getFirst().nodes().stream()
        .filter(Node.Loop.class::isInstance)
        .count();
  }

  private Path export(String checkpoint, boolean custom) throws IOException {
    Path file = folder.resolve(checkpoint + custom + ".pte");
    Export.from(folder(checkpoint)).with(options(custom)).selfTests(false).checked(false).to(file);
    return file;
  }

  private static Path folder(String checkpoint) {
    return Goldens.committed(checkpoint);
  }

  private static ExportOptions options(boolean custom) {
    return ExportOptions.defaults().toBuilder()
        .maxSequenceLength(CAPACITY)
        .customAttention(custom)
        .customCache(custom)
        .build();
  }

  private static long[] head(long[] ids, int count) {
    return LongStream.of(ids).limit(count).toArray();
  }

  private static float[] logits(PteModule module, long[] ids, int first) {
    long[] positions = LongStream.range(first, first + ids.length).toArray();
    return module
        .forward(
            EValue.from(Tensor.of(ids, 1, ids.length)),
            EValue.from(Tensor.of(positions, positions.length)))[0]
        .toTensor()
        .toFloatArray();
  }

  private static void assertClose(String what, float[] got, float[] want) {
    assertThat(got).as(what).hasSameSizeAs(want);
    for (int i = 0; i < got.length; i++) {
      assertThat(got[i]).as(what + ", " + i).isCloseTo(want[i], within(2e-4f));
    }
  }
}
