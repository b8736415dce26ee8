import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.generation.TableStep;
import dev.sconce.export.generation.beam.BeamMethod;
import dev.sconce.export.recipe.Recipes;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.graph.Graph;
import dev.sconce.graph.emit.ProgramEmitter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Sconce's side of test_et_gen_beam.py, run from source: exports table models with generate_beam inside, one for each line of input. */
public final class BeamTables {

  private BeamTables() {}

  public static void main(String[] args) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      export((JsonObject) Json.parse("request", line));
    }
  }

  private static void export(JsonObject request) throws IOException {
    Graph graph =
        BeamMethod.write(
            TableStep.of(table(request, "a"), table(request, "b"), integer(request, "vocabulary"), integer(request, "capacity")),
            BlockOptions.plain(),
            GenerationConfig.of(request.object("baked").orElseThrow()),
            integer(request, "batch"),
            integer(request, "beams"));
    Graph lowered = Recipes.named(request.string("recipe").orElseThrow()).lower(graph).graph();
    ProgramEmitter.write(List.of(lowered), List.of(), Path.of(request.string("file").orElseThrow()), (_, _, _) -> {});
  }

  private static int integer(JsonObject request, String name) {
    return (int) request.integer(name).orElseThrow();
  }

  private static float[] table(JsonObject request, String name) throws IOException {
    var bytes = ByteBuffer.wrap(Files.readAllBytes(Path.of(request.string(name).orElseThrow()))).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }
}
