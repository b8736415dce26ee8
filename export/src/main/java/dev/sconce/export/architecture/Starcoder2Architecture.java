package dev.sconce.export.architecture;

import dev.sconce.export.block.Activation;
import dev.sconce.export.block.Attention;
import dev.sconce.export.block.Decoder;
import dev.sconce.export.block.DecoderLayer;
import dev.sconce.export.block.Embedding;
import dev.sconce.export.block.FeedForward;
import dev.sconce.export.block.Linear;
import dev.sconce.export.block.Rotary;
import dev.sconce.export.block.RotaryParameters;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.checkpoint.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** StarCoder2: layer norms, rotary positions, biases, and a window in every layer. */
public final class Starcoder2Architecture implements Architecture {

  /** Creates the family. */
  public Starcoder2Architecture() {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("starcoder2");
  }

  @Override
  public Set<String> tasks() {
    return Set.of("text-generation");
  }

  @Override
  public Decoder build(String task, ModelConfig config, Weights weights, Limits limits) {
    config.requireDefault("mlp_type", "default");
    config.requireDefault("norm_type", "layer_norm");
    int width = config.integer("hidden_size");
    int inner = config.integer("intermediate_size");
    int vocabulary = config.integer("vocab_size");
    double epsilon = config.number("norm_epsilon", 1e-5);
    boolean bias = config.bool("use_bias", true);
    Activation activation =
        Activation.named("hidden_act", config.string("hidden_act", "gelu_pytorch_tanh"));
    Rotary rotary =
        DecoderParts.rotary(
            config, RotaryParameters.of(config, ""), DecoderParts.headDim(config), limits);
    Weights model = weights.in("model");
    Embedding tokens = new Embedding(model.take("embed_tokens.weight", vocabulary, width));
    List<DecoderLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.integer("num_hidden_layers"); i++) {
      Weights layer = model.in("layers." + i);
      layers.add(
          DecoderLayer.preNorm(
              DecoderParts.layerNorm(layer, "input_layernorm", width, epsilon),
              attention(config, layer.in("self_attn"), bias, rotary),
              DecoderParts.layerNorm(layer, "post_attention_layernorm", width, epsilon),
              new FeedForward.Sequential(
                  Linear.take(layer.in("mlp"), "c_fc", width, inner, bias),
                  Linear.take(layer.in("mlp"), "c_proj", inner, width, bias),
                  activation)));
    }
    return new Decoder(
        tokens,
        1,
        null,
        layers,
        DecoderParts.layerNorm(model, "norm", width, epsilon),
        DecoderParts.head(weights, tokens, width, vocabulary),
        1,
        0);
  }

  private static Attention attention(
      ModelConfig config, Weights weights, boolean bias, Rotary rotary) {
    int width = config.integer("hidden_size");
    int headDim = DecoderParts.headDim(config);
    int heads = config.integer("num_attention_heads");
    int groups = config.integer("num_key_value_heads", heads);
    return new Attention(
        Linear.take(weights, "q_proj", width, heads * headDim, bias),
        Linear.take(weights, "k_proj", width, groups * headDim, bias),
        Linear.take(weights, "v_proj", width, groups * headDim, bias),
        Linear.take(weights, "o_proj", heads * headDim, width, bias),
        heads,
        groups,
        headDim,
        1 / Math.sqrt(headDim),
        0,
        config.integer("sliding_window", 0),
        null,
        null,
        rotary);
  }
}
