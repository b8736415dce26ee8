package dev.sconce.export.task;

import dev.sconce.base.ExportException;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.EncoderDecoder;
import dev.sconce.export.block.Model;
import dev.sconce.export.checkpoint.Checkpoint;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.generation.GenerateMethod;
import dev.sconce.export.generation.Seq2SeqStep;
import dev.sconce.export.generation.StepGraph;
import dev.sconce.export.generation.beam.BeamMethod;
import dev.sconce.graph.Graph;
import dev.sconce.graph.emit.ConstantMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Translation, summarisation and other generation from a source text.
 *
 * <p>With C sources of S tokens, K rows (beams) a source, T new tokens a row, L layers:
 *
 * <pre>
 * encoder(input_ids int64[C, S], attention_mask int64[C, S])
 *     → hidden[C, S, width], L × (keys[C, heads, d, S], values[C, heads, S, d])
 * text_decoder(decoder_input_ids int64[C·K, T], attention_mask int64[C, S], cache_position int64[T],
 *     cache_rows int64[C·K], L × (keys, values))
 *     → logits float32[C·K, 1, V]
 * </pre>
 *
 * <p>{@code cache_rows} says which row of the call before each row continues, so that beams are
 * reordered without moving keys and values; it is there if the program has room for several rows.
 * The methods {@code encoder_inputs}, {@code encoder_outputs} and {@code text_decoder_inputs} name
 * what there is.
 *
 * <p>The variant for upstream's classes is {@link UpstreamSeq2Seq}.
 */
public final class Text2TextGeneration implements Task {

  private static final int DEFAULT_LENGTH = 1024;

  /** Creates the task. */
  public Text2TextGeneration() {}

  @Override
  public String name() {
    return "text2text-generation";
  }

  @Override
  public boolean generates() {
    return true;
  }

  @Override
  public boolean hasSource() {
    return true;
  }

  @Override
  public int defaultLength() {
    return DEFAULT_LENGTH;
  }

  @Override
  public List<Graph> methods(Model model, BlockOptions options, Shape shape) {
    if (!(model instanceof EncoderDecoder encoderDecoder)) {
      throw new ExportException("task " + name(), "the model is no encoder-decoder model of text");
    }
    List<Graph> methods =
        new ArrayList<>(
            shape.upstreamIo()
                ? UpstreamSeq2Seq.methods(encoderDecoder, options, shape)
                : CachedSeq2Seq.methods(encoderDecoder, options, shape));
    Generation generation = shape.generation();
    StepGraph.Factory step =
        Seq2SeqStep.of(
            encoderDecoder,
            new Seq2SeqStep.Sizes(shape.maxSourceLength(), shape.maxSequenceLength()));
    if (generation.embedded()) {
      methods.add(GenerateMethod.write(step, options, generation.config(), generation.batch()));
    }
    if (generation.embedded() && generation.beams() > 1) {
      methods.add(
          BeamMethod.write(
              step, options, generation.config(), generation.batch(), generation.beams()));
    }
    return methods;
  }

  @Override
  public List<SampleCall> sampleCalls(Checkpoint checkpoint, List<Graph> methods, Shape shape) {
    int vocabulary = checkpoint.config().integer("vocab_size");
    return new Samples().translating(methods.get(0), methods.get(1), vocabulary, shape);
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
    config
        .optionalInteger("pad_token_id")
        .ifPresent(id -> methods.add(ConstantMethod.of("get_pad_id", id)));
    start(config, generation)
        .ifPresent(id -> methods.add(ConstantMethod.of("decoder_start_token_id", id)));
    methods.add(ConstantMethod.of("get_vocab_size", config.integer("vocab_size")));
    methods.add(ConstantMethod.of("get_n_layers", layers(config)));
    methods.add(ConstantMethod.of("get_max_batch_size", shape.batch()));
    methods.add(ConstantMethod.of("get_max_beams", shape.beams()));
    methods.add(ConstantMethod.of("get_max_seq_len", shape.maxSequenceLength()));
    methods.add(ConstantMethod.of("get_max_context_len", shape.maxSequenceLength()));
    methods.add(ConstantMethod.of("max_hidden_seq_length", shape.maxSourceLength()));
    methods.add(ConstantMethod.of("use_kv_cache", true));
    methods.add(ConstantMethod.of("use_sdpa_with_kv_cache", options.customAttention()));
    methods.add(ConstantMethod.of("enable_dynamic_shape", shape.dynamic()));
    methods.addAll(
        shape.upstreamIo() ? UpstreamSeq2Seq.names() : CachedSeq2Seq.names(layers(config), shape));
    return methods;
  }

  private static OptionalInt start(ModelConfig config, ModelConfig generation) {
    OptionalInt generating = generation.optionalInteger("decoder_start_token_id");
    return generating.isPresent() ? generating : config.optionalInteger("decoder_start_token_id");
  }

  private static int layers(ModelConfig config) {
    return config
        .optionalInteger("decoder_layers")
        .orElseGet(() -> config.integer("num_decoder_layers", config.integer("num_layers", 0)));
  }
}
