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

/** Gemma 2: softcaps on scores and logits, alternating windows, four norms a layer. */
public final class Gemma2Architecture implements Architecture {

  /** Creates the family. */
  public Gemma2Architecture() {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("gemma2");
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
    requireCausal(config);
    int width = config.integer("hidden_size");
    int vocabulary = config.integer("vocab_size");
    double epsilon = config.number("rms_norm_eps", 1e-6);
    int headDim = config.integer("head_dim", 256);
    Rotary rotary = DecoderParts.rotary(config, RotaryParameters.of(config, ""), headDim, limits);
    Weights model = weights.in("model");
    Embedding tokens = new Embedding(model.take("embed_tokens.weight", vocabulary, width));
    Activation activation =
        Activation.named(
            "hidden_activation", config.string("hidden_activation", "gelu_pytorch_tanh"));
    List<DecoderLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.integer("num_hidden_layers"); i++) {
      Weights layer = model.in("layers." + i);
      layers.add(
          new DecoderLayer(
              norm(layer, "input_layernorm", width, epsilon),
              attention(config, layer.in("self_attn"), headDim, rotary, window(config, i)),
              norm(layer, "post_attention_layernorm", width, epsilon),
              norm(layer, "pre_feedforward_layernorm", width, epsilon),
              DecoderParts.gated(
                  layer.in("mlp"), width, config.integer("intermediate_size"), activation, false),
              norm(layer, "post_feedforward_layernorm", width, epsilon),
              1,
              false));
    }
    return new Decoder(
        tokens,
        Math.sqrt(width),
        null,
        layers,
        norm(model, "norm", width, epsilon),
        DecoderParts.head(weights, tokens, width, vocabulary),
        1,
        config.number("final_logit_softcapping", 0));
  }

  private static Norm norm(Weights weights, String name, int width, double epsilon) {
    return DecoderParts.zeroCenteredRms(weights, name, width, epsilon);
  }

  private static void requireCausal(ModelConfig config) {
    config.requireDefault("use_bidirectional_attention", false);
  }

  private static Attention attention(
      ModelConfig config, Weights weights, int headDim, Rotary rotary, int window) {
    int width = config.integer("hidden_size");
    int heads = config.integer("num_attention_heads");
    int groups = config.integer("num_key_value_heads", heads);
    boolean bias = config.bool("attention_bias", false);
    return new Attention(
        Linear.take(weights, "q_proj", width, heads * headDim, bias),
        Linear.take(weights, "k_proj", width, groups * headDim, bias),
        Linear.take(weights, "v_proj", width, groups * headDim, bias),
        Linear.take(weights, "o_proj", heads * headDim, width, bias),
        heads,
        groups,
        headDim,
        Math.pow(config.number("query_pre_attn_scalar", headDim), -0.5),
        config.number("attn_logit_softcapping", 0),
        window,
        null,
        null,
        rotary);
  }

  /** Even layers slide, unless {@code layer_types} says otherwise. */
  private static int window(ModelConfig config, int layer) {
    boolean slides =
        config
            .strings("layer_types")
            .map(types -> types.get(layer).equals("sliding_attention"))
            .orElse(layer % 2 == 0);
    return slides ? config.integer("sliding_window", 4096) : 0;
  }
}
