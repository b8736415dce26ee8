package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExportCommandTest {

  private static final Path GPT2 =
      Path.of("..", "export", "src", "test", "resources", "checkpoints", "gpt2");

  @TempDir private Path folder;

  /** A checkpoint to which all tokens are the same: their vectors, and so their scores. */
  private Path indifferent() throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve("indifferent"));
    for (String name : new String[] {"config.json", "generation_config.json"}) {
      Files.copy(GPT2.resolve(name), checkpoint.resolve(name));
    }
    byte[] bytes = Files.readAllBytes(GPT2.resolve("model.safetensors"));
    ByteBuffer weights = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(weights.getLong(0));
    JsonObject tensors =
        Json.parseObject("header", new String(bytes, Long.BYTES, header, StandardCharsets.UTF_8));
    JsonObject tokens = tensors.object("transformer.wte.weight").orElseThrow();
    int data = Long.BYTES + header;
    int[] offsets =
        tokens.array("data_offsets").orElseThrow().values().stream()
            .mapToInt(offset -> Integer.parseInt(offset.toString()))
            .toArray();
    for (int at = offsets[0]; at < offsets[1]; at += Float.BYTES) {
      weights.putFloat(data + at, 0.5f);
    }
    Files.write(checkpoint.resolve("model.safetensors"), bytes);
    return checkpoint;
  }

  private CommandRun export(Path checkpoint, String... more) {
    String[] args = new String[more.length + 4];
    args[0] = "export";
    args[1] = checkpoint.toString();
    args[2] = "-o";
    args[3] = folder.resolve("model.pte").toString();
    System.arraycopy(more, 0, args, 4, more.length);
    return CommandRun.of(args);
  }

  @Test
  void warnsIfNoGreedyGenerationIsAmongTheSelfTests() throws IOException {
    Path checkpoint = indifferent();
    CommandRun run = export(checkpoint);
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.err())
        .contains("warning: no greedy generation is among the self-tests")
        .contains("4 prompts");
    CommandRun json = export(checkpoint, "--json", "--no-check");
    assertThat(json.json().array("warnings").orElseThrow().values()).hasSize(1);
  }

  @Test
  void doesNotWarnOfSelfTestsThatAreThereOrThatNobodyWants() throws IOException {
    assertThat(export(GPT2, "--json", "--no-check").json().array("warnings").orElseThrow().values())
        .isEmpty();
    Path checkpoint = indifferent();
    for (String option : new String[] {"--no-self-tests", "--no-embed"}) {
      assertThat(export(checkpoint, "--no-check", option).err())
          .as(option)
          .doesNotContain("warning");
    }
  }
}
