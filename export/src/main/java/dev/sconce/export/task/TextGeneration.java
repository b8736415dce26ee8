package dev.sconce.export.task;

import dev.sconce.base.DType;
import dev.sconce.base.ExportException;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.block.Decoder;
import dev.sconce.export.block.DecoderInput;
import dev.sconce.export.block.Model;
import dev.sconce.export.checkpoint.Checkpoint;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.generation.DecoderStep;
import dev.sconce.export.generation.GenerateMethod;
import dev.sconce.export.generation.beam.BeamMethod;
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

/**
 * Decoder-only generation: one method that upstream's runners drive.
 *
 * <pre>
 * forward(input_ids int64[1, S], cache_position int64[S]) → logits float32[1, 1, V]
 * </pre>
 */
public final class TextGeneration implements Task {

  /** Creates the task. */
  public TextGeneration() {}

  @Override
  public String name() {
    return "text-generation";
  }

  @Override
  public boolean generates() {
    return true;
  }

  @Override
  public List<Graph> methods(Model model, BlockOptions options, Shape shape) {
    if (!(model instanceof Decoder decoder)) {
      throw new ExportException("task " + name(), "the model is no decoder");
    }
    GraphBuilder builder = new GraphBuilder("forward", new ProbingInference());
    Blocks blocks = new Blocks(new Author(builder), options);
    Dim length =
        shape.dynamic() ? Dim.of(builder.symbol("S", 1, shape.maxSequenceLength())) : Dim.ONE;
    Value ids =
        builder.input("input_ids", new Type.TensorType(DType.INT64, List.of(Dim.ONE, length)));
    Value positions =
        builder.input("cache_position", new Type.TensorType(DType.INT64, List.of(length)));
    Value logits =
        PromptPieces.suit(blocks, decoder, length, shape)
            ? new PromptPieces(blocks, decoder, shape.maxSequenceLength()).apply(ids, positions)
            : decoder.apply(
                blocks,
                new DecoderInput(blocks, positions, shape.maxSequenceLength()),
                ids,
                shape.allLogits());
    List<Graph> methods = new ArrayList<>();
    methods.add(builder.build(List.of(logits)));
    Generation generation = shape.generation();
    if (generation.embedded()) {
      methods.add(
          GenerateMethod.write(
              DecoderStep.of(decoder, shape.maxSequenceLength()),
              options,
              generation.config(),
              generation.batch()));
    }
    if (generation.embedded() && generation.beams() > 1) {
      methods.add(
          BeamMethod.write(
              DecoderStep.of(decoder, shape.maxSequenceLength()),
              options,
              generation.config(),
              generation.batch(),
              generation.beams()));
    }
    return methods;
  }

  @Override
  public List<SampleCall> sampleCalls(Checkpoint checkpoint, List<Graph> methods, Shape shape) {
    int vocabulary = checkpoint.config().integer("vocab_size");
    return new Samples().decoding("forward", vocabulary, shape);
  }

  @Override
  public List<ConstantMethod> metadata(Checkpoint checkpoint, BlockOptions options, Shape shape) {
    ModelConfig config = checkpoint.config();
    ModelConfig generation = checkpoint.generationConfig().map(ModelConfig::new).orElse(config);
    List<ConstantMethod> methods = new ArrayList<>();
    methods.add(Metadata.dtype(options));
    config
        .optionalInteger("bos_token_id")
        .ifPresent(id -> methods.add(ConstantMethod.of("get_bos_id", id)));
    methods.addAll(Metadata.eos(config, generation));
    int heads = config.integer(config.has("n_head") ? "n_head" : "num_attention_heads");
    int width = config.integer(config.has("n_embd") ? "n_embd" : "hidden_size");
    methods.add(ConstantMethod.of("get_head_dim", config.integer("head_dim", width / heads)));
    methods.add(ConstantMethod.of("get_n_kv_heads", config.integer("num_key_value_heads", heads)));
    methods.add(
        ConstantMethod.of(
            "get_n_layers",
            config.integer(config.has("n_layer") ? "n_layer" : "num_hidden_layers")));
    methods.add(ConstantMethod.of("get_vocab_size", config.integer("vocab_size")));
    methods.add(ConstantMethod.of("get_max_batch_size", 1));
    methods.add(ConstantMethod.of("get_max_seq_len", shape.maxSequenceLength()));
    methods.add(ConstantMethod.of("get_max_context_len", shape.maxSequenceLength()));
    methods.add(ConstantMethod.of("use_kv_cache", true));
    methods.add(ConstantMethod.of("use_sdpa_with_kv_cache", options.customAttention()));
    methods.add(ConstantMethod.of("enable_dynamic_shape", shape.dynamic()));
    config
        .optionalInteger("sliding_window")
        .ifPresent(window -> methods.add(ConstantMethod.of("sliding_window", window)));
    return methods;
  }
}
