package dev.sconce.export.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.export.Export;
import dev.sconce.export.ExportOptions;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exported decoders generate the golden continuations of transformers on their own. */
final class DecoderGenerateTest {

  private static final int STEPS = 32;

  @TempDir private Path folder;

  /** The prompt alone, and as the longest of a padded batch: past sliding windows, too. */
  @ParameterizedTest
  @CsvSource({"llama_bf16_sharded, xnnpack", "gemma2, xnnpack", "gpt2, portable"})
  void rowsOfAPaddedBatchAreThoseOfSingleCalls(String name, String recipe) throws IOException {
    rowsAreThoseOfSingleCalls(committed(name), recipe);
  }

  /** Each row has the angles of its own length, over full and sliding caches. */
  @ParameterizedTest
  @CsvSource({"llama_dynamic, xnnpack", "gemma2, portable"})
  void rowsOfAPaddedBatchTurnByTheirOwnLength(String name, String recipe) throws IOException {
    Path changed = Files.createDirectory(folder.resolve("changed"));
    try (Stream<Path> files = Files.list(committed(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, changed.resolve(file.getFileName()));
      }
    }
    Files.deleteIfExists(changed.resolve("generation_config.json")); // has a greatest length
    Path config = changed.resolve("config.json");
    JsonObject.Builder dynamic = JsonObject.builder();
    Json.readObject(config).members().forEach(dynamic::put);
    dynamic
        .put("max_position_embeddings", 12)
        .put("rope_scaling", Json.parse("x", "{\"rope_type\": \"dynamic\", \"factor\": 3.0}"));
    Files.writeString(config, dynamic.build().toString());
    rowsAreThoseOfSingleCalls(changed, recipe);
  }

  private void rowsAreThoseOfSingleCalls(Path checkpoint, String recipe) throws IOException {
    Path single = folder.resolve("single.pte");
    Path batch = folder.resolve("batch.pte");
    Export export = Export.from(checkpoint).recipe(recipe).maxSequenceLength(64);
    export.to(single);
    ExportOptions options =
        ExportOptions.defaults().toBuilder().recipe(recipe).maxSequenceLength(64).batch(3).build();
    export.with(options).to(batch);
    long[][] prompts = {{31, 7, 22, 9, 40, 12, 66}, {58}, {13, 61, 40, 63}};
    long[][] padded = new long[3][7];
    long[][] mask = new long[3][7];
    for (int r = 0; r < 3; r++) {
      int start = 7 - prompts[r].length;
      System.arraycopy(prompts[r], 0, padded[r], start, prompts[r].length);
      Arrays.fill(mask[r], start, 7, 1);
    }
    try (PteModule one = PteModule.load(single);
        PteModule many = PteModule.load(batch)) {
      long[] together = generate(many, padded, mask);
      for (int r = 0; r < 3; r++) {
        long[][] ones = {new long[prompts[r].length]};
        Arrays.fill(ones[0], 1);
        long[] alone = generate(one, new long[][] {prompts[r]}, ones);
        assertThat(Arrays.copyOfRange(together, r * STEPS, (r + 1) * STEPS))
            .as("row %d", r)
            .isEqualTo(alone);
      }
    }
  }

  private static Path committed(String name) {
    return Path.of("src/test/resources/checkpoints", name);
  }

  private static long[] generate(PteModule module, long[][] ids, long[][] mask) {
    return module
        .execute(
            "generate",
            EValue.from(matrix(ids)),
            EValue.from(matrix(mask)),
            EValue.from(Tensor.of(new long[] {0})),
            EValue.from(Tensor.of(new float[0], 0)),
            EValue.from(Tensor.of(new long[0], 0)),
            EValue.from(Tensor.of(new long[] {0})),
            EValue.from(Tensor.of(new long[] {STEPS})))[0]
        .toTensor()
        .toLongArray();
  }

  private static Tensor matrix(long[][] rows) {
    return Tensor.of(
        Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray(), rows.length, rows[0].length);
  }
}
