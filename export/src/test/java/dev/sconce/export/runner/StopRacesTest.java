package dev.sconce.export.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.export.Export;
import dev.sconce.export.ExportOptions;
import dev.sconce.export.Goldens;
import dev.sconce.generate.FinishReason;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.runner.Completion;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.Runner;
import dev.sconce.generate.runner.Runners;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whenever another thread stops a generation, the answer is a beginning of the whole one. */
final class StopRacesTest {

  private static final int LENGTH = 15;
  private static final int ROUNDS = 150;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama_bf16_sharded", "t5_tiny"})
  void anAnswerThatIsStoppedIsABeginningOfTheWhole(String checkpoint) throws Exception {
    GenerationConfig config = GenerationConfig.defaults().withMaxNewTokens(LENGTH).withEndTokens();
    GenerationRequest request = GenerationRequest.ofIds(new int[] {4, 9, 17}).with(config);
    try (Runner runner = Runners.load(export(checkpoint))) {
      int[] whole = runner.generate(request).tokens();
      assertThat(whole).hasSize(LENGTH);
      CyclicBarrier start = new CyclicBarrier(2);
      Thread stopper =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < ROUNDS; i++) {
                      await(start);
                      for (int spin = 0; spin < 2_000 * (i % 50); spin++) {
                        Thread.onSpinWait();
                      }
                      runner.stop();
                      await(start);
                    }
                  });
      int cut = 0;
      try {
        for (int round = 0; round < ROUNDS; round++) {
          runner.reset();
          await(start);
          Completion answer = runner.generate(request).completions().getFirst();
          await(start);
          int length = answer.tokens().length;
          assertThat(answer.tokens()).as("round %d", round).isEqualTo(Arrays.copyOf(whole, length));
          assertThat(answer.reason())
              .isEqualTo(length < LENGTH ? FinishReason.CANCELLED : FinishReason.LENGTH);
          cut += length < LENGTH ? 1 : 0;
        }
      } finally {
        start.reset();
        stopper.interrupt();
        stopper.join();
      }
      assertThat(cut).as("answers that were stopped").isPositive();
      runner.reset();
      assertThat(runner.generate(request).tokens()).as("after all stops").isEqualTo(whole);
    }
  }

  private Path export(String checkpoint) throws IOException {
    Path file = folder.resolve("model.pte");
    Export.from(Goldens.committed(checkpoint))
        .with(ExportOptions.defaults().toBuilder().maxSequenceLength(24).build())
        .checked(false)
        .selfTests(false)
        .to(file);
    return file;
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
      Thread.currentThread().interrupt();
    }
  }
}
