import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.generation.GenerateMethod;
import dev.sconce.export.generation.StepCap;
import dev.sconce.export.generation.StepGraph;
import dev.sconce.export.generation.TableStep;
import dev.sconce.export.generation.beam.BeamMethod;
import dev.sconce.export.recipe.Recipe;
import dev.sconce.export.recipe.Recipes;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Search;
import dev.sconce.generate.StepFunction;
import dev.sconce.graph.Graph;
import dev.sconce.graph.emit.ProgramEmitter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sconce's side of the checks with table models, run from source: exports them with {@code
 * generate} inside, or {@code generate_beam} if {@code beams} are given, and generates with host
 * code. A line of input is a request, a line of output its answer.
 */
public final class EmbeddedTables {

  private EmbeddedTables() {}

  public static void main(String[] args) throws IOException {
    Requests.serve(Requests.withErrors(EmbeddedTables::answer));
  }

  private static JsonObject answer(JsonObject request) throws IOException {
    Tables tables = Tables.of(request);
    return switch (request.string("do").orElseThrow()) {
      case "export" -> export(request, tables);
      case "host" -> host(request, tables);
      default -> throw new IllegalArgumentException("unknown request " + request);
    };
  }

  /** Two tables of scores, from files of float32. */
  private record Tables(int size, float[] a, float[] b) {
    static Tables of(JsonObject request) throws IOException {
      return new Tables(integer(request, "vocabulary"), table(request, "a"), table(request, "b"));
    }

    private static float[] table(JsonObject request, String name) throws IOException {
      Path file = Path.of(request.string(name).orElseThrow());
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      float[] values = new float[bytes.remaining() / Float.BYTES];
      bytes.asFloatBuffer().get(values);
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

  private static JsonObject export(JsonObject request, Tables tables) throws IOException {
    StepGraph.Factory model =
        TableStep.of(tables.a, tables.b, tables.size, integer(request, "capacity"));
    GenerationConfig baked = GenerationConfig.of(request.object("baked").orElseThrow());
    int batch = integer(request, "batch");
    Graph graph =
        request.has("beams")
            ? BeamMethod.write(
                model, BlockOptions.plain(), baked, batch, integer(request, "beams"))
            : GenerateMethod.write(model, BlockOptions.plain(), baked, batch);
    Recipe recipe = Recipes.named(request.string("recipe").orElse("portable"));
    Graph filled = StepCap.fill(recipe.lower(graph).graph());
    Path file = Path.of(request.string("file").orElseThrow());
    ProgramEmitter.write(List.of(filled), List.of(), file, (_, _, _) -> {});
    return JsonObject.builder().build();
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
            .context(integer(request, "capacity"))
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

  private static JsonArray array(int[] values) {
    return new JsonArray(
        Arrays.stream(values).mapToObj(v -> (JsonValue) JsonNumber.of(v)).toList());
  }

  private static JsonArray array(float[] values) {
    List<JsonValue> all = new ArrayList<>();
    for (float value : values) {
      String text = Float.toString(value);
      all.add(Float.isFinite(value) ? Json.parse("score", text) : new JsonString(text));
    }
    return new JsonArray(all);
  }

  private static int integer(JsonObject request, String name) {
    return (int) request.integer(name).orElseThrow();
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
