import dev.sconce.base.json.JsonObject;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.export.generation.GenerateMethod;
import dev.sconce.export.generation.StepCap;
import dev.sconce.export.generation.StepGraph;
import dev.sconce.export.recipe.Recipes;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import dev.sconce.graph.emit.ProgramEmitter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Sconce's side of score_banks.py, run from source: writes programs that generate from a bank of scores in place of a model. A line of input is an object with {@code
 * file}, {@code bank} (a file of float32), {@code vocabulary}, {@code batch} and {@code capacity}, a line of output an empty object.
 */
public final class ScoreBanks {

  private ScoreBanks() {}

  public static void main(String[] args) throws IOException {
    Requests.serve(
        request -> {
          write(request);
          return JsonObject.builder().build();
        });
  }

  private static void write(JsonObject request) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(Path.of(request.string("bank").orElseThrow())));
    float[] scores = new float[bytes.remaining() / Float.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(scores);
    int vocabulary = (int) request.integer("vocabulary").orElseThrow();
    int capacity = (int) request.integer("capacity").orElseThrow();
    int batch = (int) request.integer("batch").orElseThrow();
    Weight bank = Weight.of("bank", scores, scores.length / vocabulary, vocabulary);
    Graph graph =
        GenerateMethod.write(
            (_, rows) -> new Bank(bank, vocabulary, capacity, rows), BlockOptions.plain(), GenerationConfig.defaults(), batch);
    Graph filled = StepCap.fill(Recipes.named("xnnpack").lower(graph).graph());
    ProgramEmitter.write(List.of(filled), List.of(), Path.of(request.string("file").orElseThrow()), (_, _, _) -> {});
  }

  /** After a token come the scores of the bank's row that is the token's remainder. */
  private record Bank(Weight bank, int vocabulary, int capacity, Dim rows) implements StepGraph {

    @Override
    public Value step(Blocks blocks, StepInput input) {
      Author a = blocks.author();
      Value row = a.remainder(a.last(input.ids(), 1), bank.shape()[0]);
      Value scores =
          blocks
              .builder()
              .call(
                  "aten::embedding.out",
                  Operand.of(blocks.constant(bank)),
                  Operand.of(row),
                  Operand.of(-1),
                  Operand.of(false),
                  Operand.of(false));
      return a.view(scores, rows, Dim.of(vocabulary));
    }

    @Override
    public void reorder(Blocks blocks, Value order) {}
  }
}
