package dev.sconce.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.DType;
import dev.sconce.base.ExportException;
import dev.sconce.format.pte.DataSegment;
import dev.sconce.format.pte.PteFile;
import dev.sconce.graph.quantize.WeightScheme.ScaleChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the check of a written program accepts and what it refuses. */
final class SelfCheckTest {

  @TempDir private Path folder;

  private Path target() {
    return folder.resolve("model.pte");
  }

  private static Export export(String checkpoint) {
    return Export.from(Goldens.committed(checkpoint))
        .with(ExportOptions.defaults().toBuilder().maxSequenceLength(32).build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert_seqcls",
        "gemma2",
        "gpt2",
        "llama_bf16_sharded",
        "llama_dynamic",
        "vit_noqkvbias_rect"
      })
  void acceptsProgramsAsTheyAreWritten(String checkpoint) throws IOException {
    ExportReport report = export(checkpoint).to(target());
    SelfCheck check = report.check().orElseThrow();
    assertThat(check.outputs()).isNotEmpty();
    assertThat(check.passed()).isTrue();
    assertThat(check.worst().orElseThrow().difference()).isPositive();
    assertThat(folder.toFile().list()).containsExactly(target().getFileName().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"t5_tiny", "marian_tiny", "bart_tiny"})
  void comparesEncoderAndDecoder(String checkpoint) throws IOException {
    ExportOptions plain =
        ExportOptions.defaults().toBuilder().maxSequenceLength(24).maxSourceLength(16).build();
    for (ExportOptions options :
        List.of(
            plain,
            plain.toBuilder().upstreamIo(true).build(),
            plain.toBuilder().batch(2).beams(3).linear("8da8w").build(),
            plain.toBuilder().dynamicShapes(false).build())) {
      ExportReport report = Export.from(Goldens.committed(checkpoint)).with(options).to(target());
      SelfCheck check = report.check().orElseThrow();
      assertThat(check.outputs().stream().map(SelfCheck.Output::method).distinct())
          .as("%s, %s", checkpoint, options)
          .containsExactly("encoder", "text_decoder");
      assertThat(check.passed()).isTrue();
      assertThat(check.worst().orElseThrow().difference()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "t5_tiny"})
  void refusesCorruptedWeightsOfGraphs(String checkpoint) throws IOException {
    Export export = export(checkpoint).recipe("portable");
    export.checked(false).to(target());
    byte[] file = Files.readAllBytes(target());
    try (PteFile program = PteFile.open(target())) {
      DataSegment constants = program.program().segments().getFirst();
      int start = Math.toIntExact(program.header().segmentBase() + constants.offset());
      // Zeroes the second quarter: weights of the first layer.
      int quarter = Math.toIntExact(constants.size() / 4);
      Arrays.fill(file, start + quarter, start + 2 * quarter, (byte) 0);
    }
    Files.write(target(), file);
    assertRefused(export, "a quarter of the weights");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void acceptsSequencesOfFewTokens(int length) throws IOException {
    for (String checkpoint : List.of("bert_mlm_gamma_beta", "llama_bf16_sharded")) {
      ExportReport report = export(checkpoint).maxSequenceLength(length).to(target());
      assertThat(report.check().orElseThrow().outputs()).as(checkpoint).isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(ScaleChoice.class)
  void acceptsQuantizedPrograms(ScaleChoice scales) throws IOException {
    ExportOptions options =
        ExportOptions.defaults().toBuilder()
            .maxSequenceLength(32)
            .linear("8da4w,8da8w")
            .embedding("4w")
            .scales(scales)
            .build();
    for (String checkpoint : List.of("llama_dynamic", "gpt2", "bert_seqcls")) {
      ExportReport report = Export.from(Goldens.committed(checkpoint)).with(options).to(target());
      assertThat(report.quantized()).as(checkpoint).isNotEmpty();
      assertThat(report.check().orElseThrow().passed()).as(checkpoint).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT16", "BFLOAT16"})
  void acceptsHalfTypes(DType dtype) throws IOException {
    assertThat(
            export("llama_bf16_sharded").dtype(dtype).to(target()).check().orElseThrow().passed())
        .isTrue();
  }

  @Test
  void refusesAnyConstantOfDelegatesWhoseHalvesAreExchanged() throws IOException {
    Export export = export("llama_bf16_sharded").linear("8da4w");
    export.checked(false).to(target());
    assertThat(export.check(target()).passed()).isTrue();
    byte[] whole = Files.readAllBytes(target());
    int exchanged = 0;
    for (DataSegment segment : constantsOfDelegates().subList(0, 15)) {
      byte[] corrupt = whole.clone();
      int start = Math.toIntExact(segment.offset());
      int half = Math.toIntExact(segment.size() / 2);
      System.arraycopy(whole, start, corrupt, start + half, half);
      System.arraycopy(whole, start + half, corrupt, start, half);
      if (!Arrays.equals(whole, corrupt)) {
        Files.write(target(), corrupt);
        assertRefused(export, "the constant at " + start);
        exchanged++;
      }
    }
    assertThat(exchanged).isGreaterThan(10);
  }

  @Test
  void leavesNothingBehindWhenTheCheckFails() throws IOException {
    // Logits of a position that is no number differ from any reference.
    Path broken = folder.resolve("broken");
    copy(Goldens.committed("gpt2"), broken);
    Path weights = broken.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0xFF);
    Files.write(weights, bytes);
    Path target = folder.resolve("out").resolve("model.pte");
    Files.createDirectories(target.getParent());
    assertThatThrownBy(() -> Export.from(broken).selfTests(false).to(target))
        .isInstanceOf(ExportException.class)
        .hasMessageContainingAll("self-check", "output 0 of 'forward'", "not kept");
    assertThat(target.getParent()).isEmptyDirectory();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** Returns the places of the constants that delegates share, in the file. */
  private List<DataSegment> constantsOfDelegates() throws IOException {
    try (PteFile program = PteFile.open(target())) {
      long base = program.header().segmentBase();
      return program.program().namedData().stream()
          .map(data -> program.program().segments().get(data.segmentIndex()))
          .map(segment -> new DataSegment(base + segment.offset(), segment.size()))
          .toList();
    }
  }

  private void assertRefused(Export export, String what) throws IOException {
    SelfCheck check = export.check(target());
    assertThat(check.passed()).as("%s: %s", what, check.worst()).isFalse();
    assertThat(check.worst().orElseThrow().toString()).containsPattern("output \\d+ of '.*off by");
  }
}
