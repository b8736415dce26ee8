package dev.sconce.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.ExportException;
import dev.sconce.base.InvalidInputException;
import dev.sconce.base.SconceException;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encoders for several rows give each row what it gets alone. */
final class EncoderRowsTest {

  private static final int BATCH = 4;

  @TempDir private Path folder;

  private PteModule export(String checkpoint, ExportOptions.Builder options) throws IOException {
    Path file = folder.resolve("model" + options.build().batch() + ".pte");
    ExportReport report = Export.from(Goldens.committed(checkpoint)).with(options.build()).to(file);
    assertThat(report.check().orElseThrow().passed()).isTrue();
    return PteModule.load(file);
  }

  private static ExportOptions.Builder options(String recipe, String scheme) {
    ExportOptions.Builder options = ExportOptions.defaults().toBuilder().recipe(recipe);
    return scheme.equals("none") ? options : options.linear(scheme);
  }

  /** What rows of one call have in common with each other and with single ones: nothing. */
  @ParameterizedTest
  @CsvSource({
    "bert_mlm_gamma_beta, portable, none",
    "bert_mlm_gamma_beta, xnnpack, none",
    "bert_mlm_gamma_beta, xnnpack, 8da8w",
    "bert_seqcls, xnnpack, none",
    "bert_seqcls, xnnpack, '8da4w,8da8w'",
  })
  void textsGetWhatTheyGetAlone(String checkpoint, String recipe, String scheme)
      throws IOException {
    Random random = new Random(5);
    try (PteModule rows = export(checkpoint, options(recipe, scheme).batch(BATCH));
        PteModule single = export(checkpoint, options(recipe, scheme))) {
      boolean types = rows.methodNames().contains("forward_with_token_types");
      for (int count = 1; count <= BATCH; count++) {
        for (int length : new int[] {1, 19}) {
          long[][] ids = new long[count][];
          long[][] mask = new long[count][];
          long[][] kinds = new long[count][];
          for (int row = 0; row < count; row++) {
            int seen = 1 + random.nextInt(length);
            ids[row] = random.longs(length, 0, 150).toArray();
            kinds[row] = random.longs(length, 0, 2).toArray();
            mask[row] = new long[length];
            // Odd rows are padded on the left.
            int from = row % 2 == 0 ? 0 : length - seen;
            Arrays.fill(mask[row], from, from + seen, 1);
          }
          String what = "%d rows of %d".formatted(count, length);
          compare(what, rows, single, "forward", scheme, ids, mask);
          if (types) {
            compare(what, rows, single, "forward_with_token_types", scheme, ids, mask, kinds);
          }
        }
      }
    }
  }

  private static void compare(
      String what,
      PteModule rows,
      PteModule single,
      String method,
      String scheme,
      long[][]... inputs) {
    int count = inputs[0].length;
    List<EValue> together = new ArrayList<>();
    for (long[][] input : inputs) {
      long[] all = Arrays.stream(input).flatMapToLong(Arrays::stream).toArray();
      together.add(EValue.from(Tensor.of(all, count, input[0].length)));
    }
    Tensor made = rows.execute(method, together.toArray(EValue[]::new))[0].toTensor();
    assertThat(made.size(0)).isEqualTo(count);
    float[] all = made.toFloatArray();
    for (int row = 0; row < count; row++) {
      List<EValue> alone = new ArrayList<>();
      for (long[][] input : inputs) {
        alone.add(EValue.from(Tensor.of(input[row], 1, input[row].length)));
      }
      float[] want =
          single.execute(method, alone.toArray(EValue[]::new))[0].toTensor().toFloatArray();
      float[] got = Arrays.copyOfRange(all, row * want.length, (row + 1) * want.length);
      assertSame("%s, %s, row %d".formatted(method, what, row), scheme, got, want);
    }
  }

  /** Sums of scores may be taken in another order; where inputs are quantised, that can show. */
  private static void assertSame(String what, String scheme, float[] got, float[] want) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < want.length; i++) {
      largest = Math.max(largest, Math.abs(want[i]));
      difference = Math.max(difference, Math.abs(got[i] - want[i]));
    }
    assertThat(difference / largest).as(what).isLessThan(scheme.equals("none") ? 1e-5 : 1e-3);
  }

  @ParameterizedTest
  @CsvSource({"portable, none", "xnnpack, none", "xnnpack, 8da8w"})
  void imagesGetWhatTheyGetAlone(String recipe, String scheme) throws IOException {
    String checkpoint = "vit_noqkvbias_rect";
    Random random = new Random(6);
    try (PteModule rows = export(checkpoint, options(recipe, scheme).batch(BATCH));
        PteModule single = export(checkpoint, options(recipe, scheme))) {
      List<Integer> one =
          single.metadata("forward").inputs().getFirst().tensor().orElseThrow().shape();
      int pixels = one.stream().reduce(1, (a, b) -> a * b);
      for (int count = 1; count <= BATCH; count++) {
        float[] images = new float[count * pixels];
        for (int i = 0; i < images.length; i++) {
          images[i] = 2 * random.nextFloat() - 1;
        }
        float[] all = forward(rows, images, count, one);
        int labels = all.length / count;
        for (int row = 0; row < count; row++) {
          float[] image = Arrays.copyOfRange(images, row * pixels, (row + 1) * pixels);
          assertSame(
              "image %d of %d".formatted(row, count),
              scheme,
              Arrays.copyOfRange(all, row * labels, (row + 1) * labels),
              forward(single, image, 1, one));
        }
      }
    }
  }

  private static float[] forward(PteModule module, float[] pixels, int count, List<Integer> one) {
    Tensor images = Tensor.of(pixels, count, one.get(1), one.get(2), one.get(3));
    return module.forward(EValue.from(images))[0].toTensor().toFloatArray();
  }

  @Test
  void rowsAreExactWithoutDynamicShapes() throws IOException {
    ExportOptions.Builder options =
        options("xnnpack", "none").batch(2).dynamicShapes(false).maxSequenceLength(6);
    try (PteModule module = export("bert_seqcls", options)) {
      EValue two = EValue.from(Tensor.of(new long[] {5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7}, 2, 6));
      EValue ones = EValue.from(Tensor.of(new long[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0}, 2, 6));
      assertThat(module.forward(two, ones)[0].toTensor().size(0)).isEqualTo(2);
      EValue one = EValue.from(Tensor.of(new long[] {5, 6, 7, 8, 9, 1}, 1, 6));
      assertThatThrownBy(() -> module.forward(one, one)).isInstanceOf(InvalidInputException.class);
      assertThat(module.execute("get_max_batch_size")[0].toInt()).isEqualTo(2);
    }
  }

  @Test
  void moreRowsThanTheBatchAreRefused() throws IOException {
    try (PteModule module = export("bert_seqcls", options("xnnpack", "none").batch(2))) {
      EValue three = EValue.from(Tensor.of(new long[] {1, 2, 3}, 3, 1));
      assertThatThrownBy(() -> module.forward(three, three)).isInstanceOf(SconceException.class);
    }
  }

  @Test
  void batchOutOfRangeNamesTheFlag() {
    for (int batch : new int[] {0, 65}) {
      Export export =
          Export.from(Goldens.committed("bert_seqcls"))
              .with(options("xnnpack", "none").batch(batch).build());
      assertThatThrownBy(() -> export.to(folder.resolve("never.pte")))
          .isInstanceOf(ExportException.class)
          .hasMessageContaining("--batch")
          .hasMessageContaining("1 to 64");
    }
  }
}
