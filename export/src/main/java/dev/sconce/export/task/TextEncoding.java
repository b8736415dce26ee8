package dev.sconce.export.task;

import dev.sconce.base.DType;
import dev.sconce.base.ExportException;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.block.Model;
import dev.sconce.export.block.TextEncoder;
import dev.sconce.export.checkpoint.Checkpoint;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.ProbingInference;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The methods of encoders of text.
 *
 * <pre>
 * forward(input_ids int64[B, S], attention_mask int64[B, S]) → logits
 * forward_with_token_types(input_ids, attention_mask, token_type_ids int64[B, S]) → logits
 * </pre>
 *
 * <p>The second is there for models that tell pairs of texts apart; weights are shared.
 */
final class TextEncoding {

  private TextEncoding() {}

  static List<Graph> methods(String task, Model model, BlockOptions options, Task.Shape shape) {
    if (!(model instanceof TextEncoder encoder)) {
      throw new ExportException("task " + task, "the model is no encoder of text");
    }
    List<Graph> methods = new ArrayList<>();
    methods.add(method("forward", encoder, options, shape, false));
    if (encoder.hasTokenTypes()) {
      methods.add(method("forward_with_token_types", encoder, options, shape, true));
    }
    return methods;
  }

  static List<SampleCall> sampleCalls(
      Checkpoint checkpoint, List<Graph> methods, Task.Shape shape) {
    int vocabulary = checkpoint.config().integer("vocab_size");
    Samples samples = new Samples();
    List<SampleCall> calls = new ArrayList<>();
    for (Graph method : methods) {
      boolean types = method.inputs().size() > 2;
      calls.addAll(samples.encoding(method.name(), vocabulary, types, shape));
    }
    return calls;
  }

  private static Graph method(
      String name, TextEncoder encoder, BlockOptions options, Task.Shape shape, boolean types) {
    GraphBuilder builder = new GraphBuilder(name, new ProbingInference());
    Blocks blocks = new Blocks(new Author(builder), options);
    int max = shape.maxSequenceLength();
    Dim length = shape.dynamic() ? Dim.of(builder.symbol("S", 1, max)) : Dim.of(max);
    Type type = new Type.TensorType(DType.INT64, List.of(shape.rows(builder), length));
    Value ids = builder.input("input_ids", type);
    Value mask = builder.input("attention_mask", type);
    @Nullable Value tokenTypes = types ? builder.input("token_type_ids", type) : null;
    return builder.build(List.of(encoder.apply(blocks, ids, mask, tokenTypes)));
  }
}
