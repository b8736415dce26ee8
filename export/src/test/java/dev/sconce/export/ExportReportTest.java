package dev.sconce.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExportReportTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama_dynamic", "gemma2", "bert_seqcls", "vit_noqkvbias_rect"})
  void equalInputsGiveEqualFiles(String name) throws IOException {
    Path first = folder.resolve("first.pte");
    Path second = folder.resolve("second.pte");
    for (Path file : List.of(first, second)) {
      Export.from(Goldens.committed(name)).linear("8da8w").to(file);
    }
    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void saysWhatWasQuantized() throws IOException {
    ExportReport report =
        Export.from(Goldens.committed("llama_dynamic"))
            .linear("8da8w")
            .embedding("4w")
            .to(folder.resolve("model.pte"));
    int layers = 3;
    int head = 1;
    int embedding = 1;
    assertThat(report.quantized()).hasSize(layers * 7 + head + embedding);
    assertThat(report.quantized())
        .filteredOn(matrix -> matrix.name().equals("model.layers.1.mlp.down_proj.weight"))
        .singleElement()
        .satisfies(
            matrix -> {
              // 40 × 48 bytes, and a scale of 4 bytes a row.
              assertThat(matrix.bytes()).isEqualTo(40 * 48 + 40 * 4);
              assertThat(matrix.scheme()).startsWith("int8, a scale a row");
              assertThat(matrix.relativeError()).isBetween(0.001, 0.02);
            });
    assertThat(report.quantized())
        .filteredOn(matrix -> matrix.name().equals("model.embed_tokens.weight"))
        .singleElement()
        .satisfies(matrix -> assertThat(matrix.relativeError()).isBetween(0.02, 0.3));
    assertThat(report.floating()).isEmpty();
    assertThat(report.bytes()).isEqualTo(Files.size(report.file()));
  }

  @Test
  void saysWhatStaysFloatingAndWhatStaysOutside() throws IOException {
    ExportReport report =
        Export.from(Goldens.committed("llama_dynamic"))
            .linear("8da4w")
            .to(folder.resolve("model.pte"));
    // Rows of 40 and 48 weights do not fall into groups of 32; those of 80 do not either.
    assertThat(report.quantized()).isEmpty();
    assertThat(report.floating()).hasSize(22).contains("lm_head.weight");
    assertThat(report.leftovers())
        .anySatisfy(
            leftover -> {
              assertThat(leftover.operator()).isEqualTo("aten::embedding.out");
              assertThat(leftover.reason()).isNotEmpty();
            });
  }

  @Test
  void progressReachesTheEnd() throws IOException {
    List<Long> done = new ArrayList<>();
    List<Long> all = new ArrayList<>();
    Export.from(Goldens.committed("bert_seqcls"))
        .onProgress(
            (_, written, total) -> {
              done.add(written);
              all.add(total);
            })
        .to(folder.resolve("model.pte"));
    assertThat(done).isSorted().isNotEmpty();
    assertThat(all).hasSize(done.size()).containsOnly(all.getFirst());
    // Alignment between segments is not counted.
    assertThat(done.getLast()).isLessThanOrEqualTo(all.getLast()).isGreaterThan(100_000);
  }

  @Test
  void labelsAndSizesAreInTheFile() throws IOException {
    Path file = folder.resolve("model.pte");
    Export.from(Goldens.committed("vit_noqkvbias_rect")).recipe("portable").to(file);
    try (PteModule module = PteModule.load(file)) {
      assertThat(module.execute("image_size")).containsExactly(EValue.from(24L), EValue.from(40L));
      assertThat(module.execute("num_channels")).containsExactly(EValue.from(3L));
      EValue[] names = module.execute("get_label_names");
      assertThat(names).hasSize(11);
      assertThat(Arrays.asList(names)).element(10).isEqualTo(EValue.from("class 10"));
    }
  }
}
