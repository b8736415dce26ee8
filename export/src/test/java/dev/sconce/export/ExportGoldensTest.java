package dev.sconce.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.JsonObject;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported programs give the answers of transformers in our runtime. */
final class ExportGoldensTest {

  private static final List<Integer> CHUNKS = List.of(1, 3, 1000);

  @TempDir private Path folder;

  /** A checkpoint and how it is exported. */
  record Case(Goldens goldens, String recipe, boolean custom) {
    @Override
    public String toString() {
      return goldens + ", " + recipe + (custom ? " with custom operators" : "");
    }
  }

  static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    for (Goldens goldens : Goldens.all()) {
      cases.add(new Case(goldens, "portable", false));
      cases.add(new Case(goldens, "xnnpack", false));
      if (goldens.cases().stream().anyMatch(c -> c.string("op").orElse("").equals("logits"))) {
        cases.add(new Case(goldens, "xnnpack", true));
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void answersAsTransformers(Case testCase) throws IOException {
    Path file = folder.resolve("model.pte");
    ExportOptions.Builder options =
        ExportOptions.defaults().toBuilder()
            .recipe(testCase.recipe())
            .customAttention(testCase.custom())
            .customCache(testCase.custom());
    if (!testCase.goldens().hasLearnedPositions()) {
      // The longest prompt, rather than caches for 2048 tokens that every step reads through.
      options.maxSequenceLength(64);
    }
    Export.from(testCase.goldens().folder()).with(options.build()).to(file);
    int checked = 0;
    try (PteModule module = PteModule.load(file)) {
      for (JsonObject golden : testCase.goldens().cases()) {
        checked += check(testCase.goldens(), golden, module) ? 1 : 0;
      }
    }
    assertThat(checked).as("cases").isPositive();
  }

  private static boolean check(Goldens goldens, JsonObject golden, PteModule module)
      throws IOException {
    switch (golden.string("op").orElseThrow()) {
      case "logits" -> checkLogits(goldens, golden, module);
      case "greedy" -> checkGreedy(goldens, golden, module);
      case "encoder" -> checkEncoder(goldens, golden, module);
      case "image" -> checkImage(goldens, golden, module);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void checkLogits(Goldens goldens, JsonObject golden, PteModule module)
      throws IOException {
    long[] ids = Goldens.rows(golden.object("inputs").orElseThrow(), "input_ids").getFirst();
    float[] all = goldens.array(name(golden));
    for (int chunk : CHUNKS) {
      if (chunk >= ids.length || !goldens.changesWithLength(ids.length)) {
        float[] got = logits(module, ids, 0, chunk);
        float[] want = Arrays.copyOfRange(all, all.length - got.length, all.length);
        assertClose(goldens, id(golden) + " in pieces of " + chunk, got, want);
      }
    }
  }

  private static void checkGreedy(Goldens goldens, JsonObject golden, PteModule module) {
    long[] ids = Goldens.rows(golden.object("inputs").orElseThrow(), "input_ids").getFirst();
    long[] want =
        Goldens.integers(golden.object("outputs").orElseThrow().array("tokens").orElseThrow());
    boolean again = goldens.changesWithLength(ids.length + want.length);
    if (!again) {
      assertThat(embedded(module, ids, want.length)).as("generate, " + id(golden)).isEqualTo(want);
    }
    long[] got = new long[want.length];
    int known = 0;
    for (int i = 0; i < got.length; i++) {
      got[i] = argmax(logits(module, ids, again ? 0 : known, ids.length));
      known = ids.length;
      ids = Arrays.copyOf(ids, ids.length + 1);
      ids[known] = got[i];
    }
    assertThat(got).as(id(golden)).isEqualTo(want);
  }

  /** Returns what the program generates on its own. */
  private static long[] embedded(PteModule module, long[] ids, int steps) {
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    return module
        .execute(
            "generate",
            EValue.from(Tensor.of(ids, 1, ids.length)),
            EValue.from(Tensor.of(mask, 1, ids.length)),
            EValue.from(Tensor.of(new long[] {0})),
            EValue.from(Tensor.of(new float[0], 0)),
            EValue.from(Tensor.of(new long[0], 0)),
            EValue.from(Tensor.of(new long[] {0})),
            EValue.from(Tensor.of(new long[] {steps})))[0]
        .toTensor()
        .toLongArray();
  }

  /** Returns the last logits after tokens were given in pieces, from position {@code first} on. */
  private static float[] logits(PteModule module, long[] ids, int first, int chunk) {
    float[] last = {};
    for (int start = first; start < ids.length; start += chunk) {
      int end = Math.min(ids.length, start + chunk);
      Tensor part = Tensor.of(Arrays.copyOfRange(ids, start, end), 1, end - start);
      Tensor positions = Tensor.of(LongStream.range(start, end).toArray());
      last = tensor(module.forward(EValue.from(part), EValue.from(positions))).toFloatArray();
    }
    return last;
  }

  private static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static void checkEncoder(Goldens goldens, JsonObject golden, PteModule module)
      throws IOException {
    JsonObject inputs = golden.object("inputs").orElseThrow();
    List<long[]> ids = Goldens.rows(inputs, "input_ids");
    List<long[]> masks = Goldens.rows(inputs, "attention_mask");
    float[] want = goldens.array(name(golden));
    int size = want.length / ids.size();
    for (int row = 0; row < ids.size(); row++) {
      List<EValue> arguments = new ArrayList<>();
      arguments.add(matrix(ids.get(row)));
      arguments.add(matrix(masks.get(row)));
      String method = "forward";
      if (module.methodNames().contains("forward_with_token_types")) {
        method = "forward_with_token_types";
        arguments.add(matrix(Goldens.rows(inputs, "token_type_ids").get(row)));
      }
      Tensor got = tensor(module.execute(method, arguments.toArray(EValue[]::new)));
      float[] expected = Arrays.copyOfRange(want, row * size, (row + 1) * size);
      String what = id(golden) + " row " + row;
      if (got.rank() == 2) {
        assertClose(goldens, what, got.toFloatArray(), expected);
      } else {
        // Positions of padding are set to 0: what stands there has no meaning.
        assertClose(
            goldens,
            what,
            seen(got.toFloatArray(), masks.get(row)),
            seen(expected, masks.get(row)));
      }
    }
  }

  private static float[] seen(float[] values, long[] mask) {
    int size = values.length / mask.length;
    float[] seen = values.clone();
    for (int i = 0; i < mask.length; i++) {
      if (mask[i] == 0) {
        Arrays.fill(seen, i * size, (i + 1) * size, 0);
      }
    }
    return seen;
  }

  private static void checkImage(Goldens goldens, JsonObject golden, PteModule module)
      throws IOException {
    String pixels = golden.object("inputs").orElseThrow().string("pixel_values").orElseThrow();
    long[] shape = goldens.shape(pixels);
    float[] values = goldens.array(pixels);
    float[] want = goldens.array(name(golden));
    int count = (int) shape[0];
    int image = values.length / count;
    int labels = want.length / count;
    shape[0] = 1;
    for (int row = 0; row < count; row++) {
      float[] one = Arrays.copyOfRange(values, row * image, (row + 1) * image);
      float[] got = tensor(module.forward(EValue.from(Tensor.of(one, shape)))).toFloatArray();
      assertClose(
          goldens,
          id(golden) + " image " + row,
          got,
          Arrays.copyOfRange(want, row * labels, (row + 1) * labels));
    }
  }

  private static EValue matrix(long[] row) {
    return EValue.from(Tensor.of(row, 1, row.length));
  }

  private static Tensor tensor(EValue[] outputs) {
    return outputs[0].toTensor();
  }

  private static String id(JsonObject golden) {
    return golden.string("id").orElseThrow();
  }

  private static String name(JsonObject golden) {
    return golden.object("outputs").orElseThrow().string("logits").orElseThrow();
  }

  private static void assertClose(Goldens goldens, String what, float[] got, float[] want) {
    assertThat(got).as(what).hasSameSizeAs(want);
    double largest = 1;
    double difference = 0;
    for (int i = 0; i < got.length; i++) {
      largest = Math.max(largest, Math.abs(want[i]));
      double distance = Math.abs(got[i] - want[i]);
      difference = distance <= difference ? difference : distance;
    }
    assertThat(difference / largest).as(what).isLessThanOrEqualTo(goldens.tolerance());
  }
}
