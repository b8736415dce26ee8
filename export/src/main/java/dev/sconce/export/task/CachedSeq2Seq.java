package dev.sconce.export.task;

import dev.sconce.base.DType;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.block.CrossAttention;
import dev.sconce.export.block.EncoderDecoder;
import dev.sconce.export.block.HeadedAttention;
import dev.sconce.export.block.SourceInput;
import dev.sconce.export.block.TargetInput;
import dev.sconce.export.block.TargetLayer;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.ProbingInference;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.graph.emit.ConstantMethod;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The methods of encoder-decoder models whose decoder reads keys and values that the encoder made
 * ({@link Text2TextGeneration}).
 *
 * <p>Inputs are not planned, so that keys and values go from one method to the other without a
 * copy.
 */
final class CachedSeq2Seq {

  private CachedSeq2Seq() {}

  static List<Graph> methods(EncoderDecoder model, BlockOptions options, Task.Shape shape) {
    return List.of(encoder(model, options, shape), decoder(model, options, shape));
  }

  private static Graph encoder(EncoderDecoder model, BlockOptions options, Task.Shape shape) {
    GraphBuilder builder = new GraphBuilder("encoder", new ProbingInference());
    Blocks blocks = new Blocks(new Author(builder), options);
    Type type = tensor(DType.INT64, sources(builder, shape), sourceLength(builder, shape));
    Value ids = builder.input("input_ids", type);
    Value mask = builder.input("attention_mask", type);
    Value hidden =
        model.encode(blocks, new SourceInput(blocks, ids, mask, shape.maxSourceLength()));
    List<Value> outputs = new ArrayList<>(List.of(hidden));
    for (CrossAttention.KeysValues layer : model.crossKeysValues(blocks, hidden)) {
      outputs.add(layer.keys());
      outputs.add(layer.values());
    }
    return builder.build(outputs);
  }

  private static Graph decoder(EncoderDecoder model, BlockOptions options, Task.Shape shape) {
    GraphBuilder builder = new GraphBuilder("text_decoder", new ProbingInference());
    Blocks blocks = new Blocks(new Author(builder), options);
    Dim sources = sources(builder, shape);
    Dim beams = shape.beams() == 1 ? Dim.ONE : Dim.of(builder.symbol("K", 1, shape.beams()));
    Dim rows = sources.times(beams);
    Dim source = sourceLength(builder, shape);
    Dim length =
        shape.dynamic() ? Dim.of(builder.symbol("T", 1, shape.maxSequenceLength())) : Dim.ONE;
    Value ids = builder.input("decoder_input_ids", tensor(DType.INT64, rows, length));
    Value mask = builder.input("attention_mask", tensor(DType.INT64, sources, source));
    Value positions = builder.input("cache_position", tensor(DType.INT64, length));
    int maxRows = maxRows(shape);
    @Nullable Value from =
        maxRows == 1 ? null : builder.input("cache_rows", tensor(DType.INT64, rows));
    List<CrossAttention.KeysValues> made = new ArrayList<>();
    for (TargetLayer layer : model.decoder().layers()) {
      HeadedAttention attention = layer.cross().attention();
      Dim heads = Dim.of(attention.heads());
      Dim d = Dim.of(attention.headDim());
      int number = made.size();
      made.add(
          new CrossAttention.KeysValues(
              builder.input("keys." + number, tensor(options.dtype(), sources, heads, d, source)),
              builder.input(
                  "values." + number, tensor(options.dtype(), sources, heads, source, d))));
    }
    TargetInput input =
        new TargetInput(
            blocks,
            ids,
            positions,
            from,
            mask,
            sources,
            beams,
            new TargetInput.Limits(shape.maxSequenceLength(), maxRows));
    return builder.build(List.of(model.decode(blocks, input, made, shape.allLogits())));
  }

  private static int maxRows(Task.Shape shape) {
    return Math.multiplyExact(shape.batch(), shape.beams());
  }

  private static Dim sources(GraphBuilder builder, Task.Shape shape) {
    return shape.batch() == 1 ? Dim.ONE : Dim.of(builder.symbol("C", 1, shape.batch()));
  }

  static Dim sourceLength(GraphBuilder builder, Task.Shape shape) {
    int max = shape.maxSourceLength();
    return shape.dynamic() ? Dim.of(builder.symbol("S", 1, max)) : Dim.of(max);
  }

  static Type.TensorType tensor(DType dtype, Dim... shape) {
    return new Type.TensorType(dtype, List.of(shape));
  }

  /** Returns the methods that name inputs and outputs. */
  static List<ConstantMethod> names(int layers, Task.Shape shape) {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      made.add("cross_keys." + i);
      made.add("cross_values." + i);
    }
    List<String> outputs = new ArrayList<>(List.of("encoder_hidden_states"));
    outputs.addAll(made);
    List<String> inputs =
        new ArrayList<>(List.of("decoder_input_ids", "attention_mask", "cache_position"));
    if (maxRows(shape) > 1) {
      inputs.add("cache_rows");
    }
    inputs.addAll(made);
    return List.of(
        ConstantMethod.of("encoder_inputs", List.of("input_ids", "attention_mask")),
        ConstantMethod.of("encoder_outputs", outputs),
        ConstantMethod.of("text_decoder_inputs", inputs));
  }
}
