package dev.sconce.export.generation.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.DType;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.generation.EndTokens;
import dev.sconce.export.generation.Refusal;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.Settings;
import dev.sconce.export.recipe.Recipes;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.ProbingInference;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.graph.emit.ProgramEmitter;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What top-p keeps in a program is what the formula does, but for the rounding of one sum. */
final class TopPTest {

  /** How far sums of float32 weights may be off. */
  private static final double ROUNDING = 1e-6;

  private static final int MAX_ROWS = 3;

  @TempDir private Path folder;

  /** Sizes that can be cut into parts and such that cannot, sorted at once or not. */
  @ParameterizedTest
  @CsvSource({
    "portable, 200",
    "portable, 257",
    "xnnpack, 1023",
    "xnnpack, 1031",
    "portable, 4096",
    "xnnpack, 5000",
    "xnnpack, 16500"
  })
  void keepsTheMostLikelyTokensWhoseProbabilitiesReachTheSum(String recipe, int vocabulary)
      throws IOException {
    Random random = new Random(vocabulary);
    try (PteModule module = program(recipe, vocabulary)) {
      for (int round = 0; round < 30; round++) {
        int rows = random.nextInt(1, MAX_ROWS + 1);
        float[][] scores = new float[rows][];
        Arrays.setAll(scores, _ -> scores(random, vocabulary));
        float[] some = {0, 1e-6f, 0.1f, 0.5f, 0.8f, 0.9f, 0.95f, 0.999f, 0.9999999f};
        float p = random.nextBoolean() ? some[random.nextInt(some.length)] : random.nextFloat();
        float[] kept = run(module, scores, p);
        for (int r = 0; r < rows; r++) {
          float[] row = Arrays.copyOfRange(kept, r * vocabulary, (r + 1) * vocabulary);
          assertKept("seed %d, round %d".formatted(vocabulary, round), scores[r], row, p);
        }
      }
    }
  }

  private static void assertKept(String what, float[] scores, float[] made, float p) {
    double max = Double.NEGATIVE_INFINITY;
    for (float score : scores) {
      max = Math.max(max, score);
    }
    double total = 0;
    double mass = 0;
    double least = Double.POSITIVE_INFINITY;
    double greatestBanned = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < scores.length; t++) {
      double weight = Math.exp(scores[t] - max);
      total += weight;
      if (made[t] == Float.NEGATIVE_INFINITY) {
        // Scores that differ by less than a rounding may change places.
        greatestBanned = Math.max(greatestBanned, scores[t]);
      } else {
        assertThat(made[t]).as(what).isEqualTo(scores[t]);
        mass += weight;
        least = Math.min(least, scores[t]);
      }
    }
    double last = Math.exp(least - max);
    String all = "%s: p %s, %s of %s kept".formatted(what, p, mass, total);
    assertThat(least).as(all).isGreaterThanOrEqualTo(greatestBanned - 1e-6 * Math.abs(max));
    assertThat(mass).as(all).isGreaterThanOrEqualTo(p * total - ROUNDING * total);
    if (mass != 1) {
      // Without the least likely one it is not enough; the most likely one stays in any case.
      assertThat(mass - last).as(all).isLessThan(p * total + ROUNDING * total);
    }
  }

  /** Peaked and flat ones, ones of many equals, with gaps, with banned tokens, near 0 and huge. */
  private static float[] scores(Random random, int size) {
    double scale = Math.pow(10, random.nextDouble(-3, 1.5));
    double shift = random.nextInt(4) == 0 ? 1000 : 0;
    int kind = random.nextInt(9);
    float[] scores = new float[size];
    for (int t = 0; t < size; t++) {
      double normal = random.nextGaussian();
      double score =
          switch (kind) {
            case 0 -> normal;
            case 1 -> -Math.log(1 + t);
            case 2 -> Math.round(4 * normal) / 4.0;
            case 3 -> random.nextInt(50) == 0 ? 8 + normal / 10 : normal / 10;
            case 4 -> t == size / 2 ? 12 : normal;
            case 5 -> Float.float16ToFloat(Float.floatToFloat16((float) (3 * normal + 8)));
            case 6 -> t < 20 ? 4 - t / 20.0 : normal;
            case 7 -> random.nextInt(2) == 0 && t > 0 ? Double.NEGATIVE_INFINITY : normal;
            default -> 1;
          };
      scores[t] = (float) (score * scale + shift);
    }
    return scores;
  }

  private PteModule program(String recipe, int vocabulary) throws IOException {
    GraphBuilder builder = new GraphBuilder("top_p", new ProbingInference());
    Author a = new Author(builder);
    Blocks blocks = new Blocks(a, BlockOptions.plain());
    Dim rows = Dim.of(builder.symbol("B", 1, MAX_ROWS));
    Value scores =
        builder.input(
            "scores", new Type.TensorType(DType.FLOAT32, List.of(rows, Dim.of(vocabulary))));
    Value vector = builder.input("settings", Type.TensorType.of(DType.FLOAT32, Settings.size()));
    Value ends = builder.input("eos_token_ids", Type.TensorType.of(DType.INT64, 1));
    Value length = a.size(scores, 0);
    Settings settings =
        Settings.read(blocks, vector, GenerationConfig.defaults(), Refusal.declare(a));
    EndTokens end = EndTokens.read(blocks, ends, new int[0], vocabulary);
    RuleContext context =
        new RuleContext(
            blocks, rows, vocabulary, ends, length, length, length, end, settings, null, 1);
    Graph graph = builder.build(List.of(new TopP().apply(context, scores)));
    Path file = folder.resolve("top_p.pte");
    Graph lowered = Recipes.named(recipe).lower(graph).graph();
    ProgramEmitter.write(List.of(lowered), List.of(), file, (_, _, _) -> {});
    return PteModule.load(file);
  }

  private static float[] run(PteModule module, float[][] scores, float p) {
    int vocabulary = scores[0].length;
    float[] flat = new float[scores.length * vocabulary];
    for (int r = 0; r < scores.length; r++) {
      System.arraycopy(scores[r], 0, flat, r * vocabulary, vocabulary);
    }
    float[] settings = new float[Settings.size()];
    Arrays.fill(settings, Float.NaN);
    settings[EmbeddedSetting.TOP_P.index()] = p;
    return module
        .execute(
            "top_p",
            EValue.from(Tensor.of(flat, scores.length, vocabulary)),
            EValue.from(Tensor.of(settings, settings.length)),
            EValue.from(Tensor.of(new long[] {-1})))[0]
        .toTensor()
        .toFloatArray();
  }
}
