import dev.sconce.base.SconceException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.generation.GenerateMethod;
import dev.sconce.export.generation.StepCap;
import dev.sconce.export.generation.TableStep;
import dev.sconce.export.recipe.Recipes;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Search;
import dev.sconce.generate.StepFunction;
import dev.sconce.graph.Graph;
import dev.sconce.graph.emit.ProgramEmitter;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Sconce's side of test_et_gen_tables.py, run from source: exports table models with {@code
 * generate} inside, and generates with host code and with the program in Sconce's runtime. A line
 * of input is a request, a line of output its answer.
 */
public final class EmbeddedTables {

  private EmbeddedTables() {}

  public static void main(String[] args) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonObject request = (JsonObject) Json.parse("request", line);
      try {
        out.println(answer(request));
      } catch (SconceException e) {
        out.println(JsonObject.builder().put("error", String.valueOf(e.getMessage())).build());
      }
    }
  }

  private static JsonObject answer(JsonObject request) throws IOException {
    Tables tables = Tables.of(request);
    Path file = Path.of(request.string("file").orElseThrow());
    return switch (request.string("do").orElseThrow()) {
      case "export" -> export(request, tables, file);
      case "host" -> host(request, tables);
      case "run" -> run(request, file);
      default -> throw new IllegalArgumentException("unknown request " + request);
    };
  }

  /** Two tables of scores from a seed. */
  private record Tables(int size, float[] a, float[] b) {
    static Tables of(JsonObject request) {
      int size = (int) request.integer("vocabulary").orElseThrow();
      Random random = new Random(request.integer("table_seed").orElseThrow());
      return new Tables(size, gaussian(random, size), gaussian(random, size));
    }

    private static float[] gaussian(Random random, int size) {
      float[] values = new float[size * size];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (2 * random.nextGaussian());
      }
      return values;
    }

    float[] scores(int id, int before) {
      float[] row = Arrays.copyOfRange(a, id * size, (id + 1) * size);
      for (int t = 0; before >= 0 && t < size; t++) {
        row[t] += b[before * size + t];
      }
      return row;
    }
  }

  private static JsonObject export(JsonObject request, Tables tables, Path file)
      throws IOException {
    int capacity = (int) request.integer("capacity").orElseThrow();
    int batch = (int) request.integer("batch").orElseThrow();
    GenerationConfig baked = GenerationConfig.of(request.object("baked").orElseThrow());
    Graph graph =
        GenerateMethod.write(
            TableStep.of(tables.a, tables.b, tables.size, capacity),
            BlockOptions.plain(),
            baked,
            batch);
    Graph lowered = Recipes.named(request.string("recipe").orElse("portable")).lower(graph).graph();
    ProgramEmitter.write(List.of(StepCap.fill(lowered)), List.of(), file, (_, _, _) -> {});
    return JsonObject.builder().put("cap", JsonNumber.of(StepCap.of(lowered))).build();
  }

  private static JsonObject host(JsonObject request, Tables tables) {
    GenerationConfig config =
        GenerationConfig.of(request.object("baked").orElseThrow())
            .with(request.object("config").orElseThrow());
    int[][] prompts = rows(request.array("input_ids").orElseThrow());
    int[][] last = {{}};
    StepFunction model =
        (ids, position, origin) -> {
          float[][] scores = new float[ids.length][];
          int[] next = new int[ids.length];
          for (int r = 0; r < ids.length; r++) {
            int n = ids[r].length;
            int before =
                n > 1
                    ? ids[r][n - 2]
                    : position == 0 ? -1 : last[0][origin == null ? r : origin[r]];
            next[r] = ids[r][n - 1];
            scores[r] = tables.scores(next[r], before);
          }
          last[0] = next;
          return scores;
        };
    List<GeneratedSequence> made =
        Search.over(model, config)
            .context((int) request.integer("capacity").orElseThrow())
            .run(prompts);
    return JsonObject.builder()
        .put(
            "tokens",
            new JsonArray(made.stream().map(row -> (JsonValue) array(row.tokens())).toList()))
        .put(
            "scores",
            new JsonArray(made.stream().map(row -> (JsonValue) array(row.scores())).toList()))
        .build();
  }

  private static JsonObject run(JsonObject request, Path file) throws IOException {
    try (PteModule module = PteModule.load(file)) {
      int[][] ids = rows(request.array("input_ids").orElseThrow());
      int[][] mask = rows(request.array("attention_mask").orElseThrow());
      EValue[] out =
          module.execute(
              "generate",
              EValue.from(longs(ids)),
              EValue.from(longs(mask)),
              EValue.from(longs(request, "position")),
              EValue.from(floats(request)),
              EValue.from(longs(request, "eos_token_ids")),
              EValue.from(longs(request, "seed")),
              EValue.from(longs(request, "steps")));
      Tensor tokens = out[0].toTensor();
      long[] flat = tokens.toLongArray();
      int n = (int) tokens.size(1);
      List<JsonValue> made = new java.util.ArrayList<>();
      for (int r = 0; r < ids.length; r++) {
        made.add(array(Arrays.stream(flat, r * n, (r + 1) * n).mapToInt(id -> (int) id).toArray()));
      }
      return JsonObject.builder()
          .put("tokens", new JsonArray(made))
          .put("finished", array(out[1].toTensor().toLongArray()))
          .put("scores", array(out[2].toTensor().toFloatArray()))
          .put("position", JsonNumber.of(out[3].toTensor().toLongArray()[0]))
          .build();
    }
  }

  private static Tensor longs(int[][] rows) {
    long[] flat = Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
    return Tensor.of(flat, rows.length, rows[0].length);
  }

  private static Tensor longs(JsonObject request, String name) {
    return Tensor.of(
        request.array(name).orElseThrow().values().stream()
            .mapToLong(v -> ((JsonNumber) v).asLong().orElseThrow())
            .toArray());
  }

  private static Tensor floats(JsonObject request) {
    List<JsonValue> values = request.array("settings").orElseThrow().values();
    float[] numbers = new float[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          values.get(i) instanceof JsonNumber number ? (float) number.asDouble() : Float.NaN;
    }
    return Tensor.of(numbers, numbers.length);
  }

  private static JsonArray array(int[] values) {
    return new JsonArray(
        Arrays.stream(values).mapToObj(v -> (JsonValue) JsonNumber.of(v)).toList());
  }

  private static JsonArray array(long[] values) {
    return new JsonArray(
        Arrays.stream(values).mapToObj(v -> (JsonValue) JsonNumber.of(v)).toList());
  }

  private static JsonArray array(float[] values) {
    List<JsonValue> all = new java.util.ArrayList<>();
    for (float value : values) {
      all.add(Json.parse("score", Float.isFinite(value) ? Float.toString(value) : "null"));
    }
    return new JsonArray(all);
  }

  private static int[][] rows(JsonArray rows) {
    return rows.values().stream()
        .map(
            row ->
                ((JsonArray) row)
                    .values().stream()
                        .mapToInt(v -> (int) ((JsonNumber) v).asLong().orElseThrow())
                        .toArray())
        .toArray(int[][]::new);
  }
}
