import dev.sconce.base.DType;
import dev.sconce.base.json.JsonObject;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.generation.EndTokens;
import dev.sconce.export.generation.Refusal;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.Settings;
import dev.sconce.export.generation.internal.rule.TopP;
import dev.sconce.export.recipe.Recipes;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.ProbingInference;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.graph.emit.ProgramEmitter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Sconce's side of test_top_p.py, run from source: writes programs that apply top-p to scores and do nothing else. A line of input is an object with {@code
 * file}, {@code recipe}, {@code vocabulary} and {@code rows}, a line of output an empty object.
 */
public final class TopPRule {

  private TopPRule() {}

  public static void main(String[] args) throws IOException {
    Requests.serve(
        request -> {
          write(request);
          return JsonObject.builder().build();
        });
  }

  private static void write(JsonObject request) throws IOException {
    GraphBuilder builder = new GraphBuilder("top_p", new ProbingInference());
    Author a = new Author(builder);
    Blocks blocks = new Blocks(a, BlockOptions.plain());
    int vocabulary = (int) request.integer("vocabulary").orElseThrow();
    Dim rows = Dim.of(builder.symbol("B", 1, request.integer("rows").orElseThrow()));
    Value scores =
        builder.input("scores", new Type.TensorType(DType.FLOAT32, List.of(rows, Dim.of(vocabulary))));
    Value vector = builder.input("settings", Type.TensorType.of(DType.FLOAT32, Settings.size()));
    Value ends = builder.input("eos_token_ids", Type.TensorType.of(DType.INT64, 1));
    Value length = a.size(scores, 0);
    Settings settings = Settings.read(blocks, vector, GenerationConfig.defaults(), Refusal.declare(a));
    EndTokens end = EndTokens.read(blocks, ends, new int[0], vocabulary);
    RuleContext context =
        new RuleContext(blocks, rows, vocabulary, ends, length, length, length, end, settings, null, 1);
    Graph graph = builder.build(List.of(new TopP().apply(context, scores)));
    Graph lowered = Recipes.named(request.string("recipe").orElseThrow()).lower(graph).graph();
    ProgramEmitter.write(List.of(lowered), List.of(), Path.of(request.string("file").orElseThrow()), (_, _, _) -> {});
  }
}
