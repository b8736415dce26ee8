package dev.sconce.export.internal.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.export.Export;
import dev.sconce.format.pte.PteFile;
import dev.sconce.generate.selftest.SelfTestResult;
import dev.sconce.generate.selftest.SelfTestRunner;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was damaged must make the tests fail that are named after it. */
final class SelfTestMutationsTest {

  static final String TOKENIZER =
      """
      {"version": "1.0", "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
       "model": {"type": "WordLevel", "unk_token": "<unk>",
                 "vocab": {"<unk>": 0, "the": 1, "quick": 2, "once": 3, "upon": 4, "fox": 5}}}
      """;

  @TempDir private Path folder;
  private Path program = Path.of("");

  /** Makes a checkpoint with a tokenizer below a folder. */
  static Path checkpoint(Path folder) throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    try (Stream<Path> files =
        Files.list(Path.of("src", "test", "resources", "checkpoints", "llama_dynamic"))) {
      for (Path file : files.toList()) {
        Files.copy(file, checkpoint.resolve(file.getFileName()));
      }
    }
    Files.writeString(checkpoint.resolve("tokenizer.json"), TOKENIZER);
    return checkpoint;
  }

  @BeforeEach
  void export() throws IOException {
    Path checkpoint = checkpoint(folder);
    Files.writeString(
        checkpoint.resolve("generation_config.json"),
        "{\"do_sample\": true, \"temperature\": 0.75, \"eos_token_id\": 2}");
    program = folder.resolve("model.pte");
    Export.from(checkpoint).linear("8da8w").to(program);
  }

  private List<String> failures() throws IOException {
    return SelfTestRunner.run(program).stream()
        .filter(result -> !result.passed())
        .map(SelfTestResult::name)
        .toList();
  }

  @Test
  void whatWasExportedPasses() throws IOException {
    List<SelfTestResult> results = SelfTestRunner.run(program);
    assertThat(results)
        .allSatisfy(result -> assertThat(result.passed()).as(result.toString()).isTrue());
    assertThat(results)
        .extracting(SelfTestResult::name)
        .contains(
            "content/table",
            "content/constant 1",
            "content/tokenizer_blob",
            "content/generation_config_blob",
            "tokenizer/plain",
            "generation settings",
            "forward");
  }

  @Test
  void everyDamagedSegmentIsNamed() throws IOException {
    int segments;
    try (PteFile file = PteFile.open(program)) {
      segments = file.program().segments().size();
    }
    assertThat(segments).isGreaterThan(2);
    for (int i = 1; i < segments; i++) {
      long middle;
      try (PteFile file = PteFile.open(program)) {
        MemorySegment segment = file.segment(i);
        middle = segment.address() - file.bytes().memory().address() + segment.byteSize() / 2;
      }
      flip(middle, 1);
      assertThat(failures()).as("segment %d", i).contains("content/segment " + i);
      flip(middle, 1);
    }
    assertThat(failures()).isEmpty();
  }

  @Test
  void aWeightThatIsFarOffChangesTheLogits() throws IOException {
    int last;
    long start;
    try (PteFile file = PteFile.open(program)) {
      // The last packed weights are those of the head, so every logit of a row of it moves.
      last = file.program().segments().size() - 1;
      start = file.segment(last).address() - file.bytes().memory().address();
    }
    for (int i = 0; i < 64; i++) {
      flip(start + i, 0x40);
    }
    assertThat(failures()).contains("content/segment " + last, "forward");
  }

  @Test
  void aWrongTokenizerByteFailsByNameOfTheText() throws IOException {
    replace("\"quick\": 2", "\"quicq\": 2");
    assertThat(failures())
        .contains("content/tokenizer_blob", "tokenizer/plain")
        .doesNotContain("tokenizer/digits", "forward");
  }

  @Test
  void aChangedDefaultFails() throws IOException {
    replace("\"temperature\":0.75", "\"temperature\":0.95");
    assertThat(failures()).contains("content/generation_config_blob", "generation settings");
  }

  @Test
  void aChangedProgramTableFails() throws IOException {
    replace("get_n_layers", "get_n_layerz");
    assertThat(failures()).containsExactly("content/table");
  }

  private void flip(long at, int mask) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(program.toFile(), "rw")) {
      file.seek(at);
      int old = file.read();
      file.seek(at);
      file.write(old ^ mask);
    }
  }

  /** Replaces bytes wherever they stand: some settings stand in more than one resource. */
  private void replace(String before, String after) throws IOException {
    String bytes = Files.readString(program, StandardCharsets.ISO_8859_1);
    assertThat(after).hasSameSizeAs(before);
    assertThat(bytes).as("the file holds '%s'", before).contains(before);
    Files.writeString(program, bytes.replace(before, after), StandardCharsets.ISO_8859_1);
  }
}
