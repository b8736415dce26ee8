package dev.sconce.export.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.export.Export;
import dev.sconce.export.ExportOptions;
import dev.sconce.export.Goldens;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.Runner;
import dev.sconce.generate.runner.Runners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generations leave nothing behind: neither mappings of files nor memory of any other kind. */
@EnabledOnOs(OS.LINUX)
final class MemoryTest {

  private static final int[][] PROMPTS = {{1, 20, 17}, {5}, {6, 7, 8, 9, 4}};

  private static final int ROUNDS = 4;
  private static final long TOLERATED = 30_000;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama_bf16_sharded", "t5_tiny"})
  void aThousandGenerationsLeaveItAsItIs(String checkpoint) throws IOException {
    Path file = folder.resolve("model.pte");
    Export.from(Goldens.committed(checkpoint))
        .with(ExportOptions.defaults().toBuilder().maxSequenceLength(32).beams(2).build())
        .checked(false)
        .selfTests(false)
        .to(file);
    try (Runner runner = Runners.load(file)) {
      run(runner, 200);
      long mappings = mappings();
      long grown = Long.MAX_VALUE;
      // The Java heap counts too, and grows until it is as large as it may be; what is lost would
      // be
      // lost every time. A state of these models is 100 kB and more: a hundred megabytes.
      for (int round = 0; round < ROUNDS && grown >= TOLERATED; round++) {
        long resident = residentKilobytes();
        run(runner, 1000);
        grown = residentKilobytes() - resident;
      }
      assertThat(grown).as("kB that every thousand generations leave").isLessThan(TOLERATED);
      assertThat(mappings()).as("mappings").isLessThanOrEqualTo(mappings + 8);
    }
  }

  private static void run(Runner runner, int count) {
    GenerationConfig config = GenerationConfig.defaults().withMaxNewTokens(2).withEndTokens();
    for (int i = 0; i < count; i++) {
      runner.reset();
      runner.generate(
          (i % 10 == 0
                  ? GenerationRequest.ofIds(PROMPTS)
                  : GenerationRequest.ofIds(PROMPTS[i % PROMPTS.length]))
              .with(config)
              .embedded(i % 7 == 0 && i % 10 != 0));
    }
    System.gc();
  }

  private static long mappings() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).size();
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
