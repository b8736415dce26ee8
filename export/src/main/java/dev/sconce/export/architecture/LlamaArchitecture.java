package dev.sconce.export.architecture;

import dev.sconce.export.block.Activation;
import dev.sconce.export.block.Attention;
import dev.sconce.export.block.Decoder;
import dev.sconce.export.block.DecoderLayer;
import dev.sconce.export.block.Embedding;
import dev.sconce.export.block.Linear;
import dev.sconce.export.block.Norm;
import dev.sconce.export.block.Rotary;
import dev.sconce.export.block.RotaryParameters;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.checkpoint.Weights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Llama (Llama 3.2, SmolLM2 …) and what differs from it in a few keys: Mistral (a window in every
 * layer), Qwen2 (biases of queries, keys and values), Qwen3 (norms of queries and keys).
 */
public final class LlamaArchitecture implements Architecture {

  /** Creates the family. */
  public LlamaArchitecture() {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("llama", "mistral", "qwen2", "qwen3");
  }

  @Override
  public Set<String> tasks() {
    return Set.of("text-generation");
  }

  @Override
  public Collection<Pattern> ignoredTensors() {
    return DecoderParts.ROTARY_BUFFERS;
  }

  @Override
  public Decoder build(String task, ModelConfig config, Weights weights, Limits limits) {
    config.requireDefault("pretraining_tp", 1);
    int width = config.integer("hidden_size");
    int vocabulary = config.integer("vocab_size");
    double epsilon = config.number("rms_norm_eps", 1e-6);
    int headDim = DecoderParts.headDim(config);
    Rotary rotary = DecoderParts.rotary(config, RotaryParameters.of(config, ""), headDim, limits);
    Weights model = weights.in("model");
    Embedding tokens = new Embedding(model.take("embed_tokens.weight", vocabulary, width));
    Activation activation = Activation.named("hidden_act", config.string("hidden_act", "silu"));
    List<DecoderLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.integer("num_hidden_layers"); i++) {
      Weights layer = model.in("layers." + i);
      layers.add(
          DecoderLayer.preNorm(
              DecoderParts.rms(layer, "input_layernorm", width, epsilon),
              attention(config, layer.in("self_attn"), headDim, rotary, window(config, i)),
              DecoderParts.rms(layer, "post_attention_layernorm", width, epsilon),
              DecoderParts.gated(
                  layer.in("mlp"),
                  width,
                  config.integer("intermediate_size"),
                  activation,
                  config.bool("mlp_bias", false))));
    }
    Norm norm = DecoderParts.rms(model, "norm", width, epsilon);
    Linear head = DecoderParts.head(weights, tokens, width, vocabulary);
    return new Decoder(tokens, 1, null, layers, norm, head, 1, 0);
  }

  private static Attention attention(
      ModelConfig config, Weights weights, int headDim, Rotary rotary, int window) {
    int width = config.integer("hidden_size");
    int heads = config.integer("num_attention_heads");
    int groups = config.integer("num_key_value_heads", heads);
    String type = config.string("model_type");
    boolean bias = config.bool("attention_bias", false);
    boolean inputBias = bias || type.equals("qwen2");
    double epsilon = config.number("rms_norm_eps", 1e-6);
    boolean norms = type.equals("qwen3");
    return new Attention(
        Linear.take(weights, "q_proj", width, heads * headDim, inputBias),
        Linear.take(weights, "k_proj", width, groups * headDim, inputBias),
        Linear.take(weights, "v_proj", width, groups * headDim, inputBias),
        Linear.take(weights, "o_proj", heads * headDim, width, bias),
        heads,
        groups,
        headDim,
        1 / Math.sqrt(headDim),
        0,
        window,
        norms ? DecoderParts.rms(weights, "q_norm", headDim, epsilon) : null,
        norms ? DecoderParts.rms(weights, "k_norm", headDim, epsilon) : null,
        rotary);
  }

  /**
   * Mistral's layers all slide if there is a window; Qwen's from {@code max_window_layers} on, if
   * sliding is switched on; Llama's never.
   */
  private static int window(ModelConfig config, int layer) {
    String type = config.string("model_type");
    boolean mistral = type.equals("mistral");
    if (type.equals("llama")
        || !config.has("sliding_window")
        || !config.bool("use_sliding_window", mistral)) {
      return 0;
    }
    boolean slides =
        config
            .strings("layer_types")
            .map(types -> types.get(layer).equals("sliding_attention"))
            .orElseGet(() -> mistral || layer >= config.integer("max_window_layers", 28));
    return slides ? config.integer("sliding_window") : 0;
  }
}
