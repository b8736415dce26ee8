package dev.sconce.export.architecture;

import dev.sconce.export.block.Activation;
import dev.sconce.export.block.Attention;
import dev.sconce.export.block.Decoder;
import dev.sconce.export.block.DecoderLayer;
import dev.sconce.export.block.Embedding;
import dev.sconce.export.block.FeedForward;
import dev.sconce.export.block.Linear;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.checkpoint.Weights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** GPT-2: learned positions, layer norms, and matrices stored with one row an input. */
public final class Gpt2Architecture implements Architecture {

  /** Creates the family. */
  public Gpt2Architecture() {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("gpt2");
  }

  @Override
  public Set<String> tasks() {
    return Set.of("text-generation");
  }

  @Override
  public OptionalInt positionLimit(ModelConfig config) {
    return OptionalInt.of(config.integer("n_positions"));
  }

  @Override
  public Collection<Pattern> ignoredTensors() {
    // Causal masks that old releases stored as buffers.
    return List.of(Pattern.compile("(transformer\\.)?h\\.\\d+\\.attn\\.(masked_)?bias"));
  }

  @Override
  public Decoder build(String task, ModelConfig config, Weights weights, Limits limits) {
    config.requireDefault("add_cross_attention", false);
    config.requireDefault("reorder_and_upcast_attn", false);
    int width = config.integer("n_embd");
    int vocabulary = config.integer("vocab_size");
    int positions = config.integer("n_positions");
    double epsilon = config.number("layer_norm_epsilon", 1e-5);
    Weights model = weights.in(weights.has("wte.weight") ? "" : "transformer");
    Embedding tokens = new Embedding(model.take("wte.weight", vocabulary, width));
    Activation activation =
        Activation.named("activation_function", config.string("activation_function", "gelu_new"));
    int inner = config.integer("n_inner", 4 * width);
    List<DecoderLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.integer("n_layer"); i++) {
      Weights layer = model.in("h." + i);
      layers.add(
          DecoderLayer.preNorm(
              DecoderParts.layerNorm(layer, "ln_1", width, epsilon),
              attention(config, layer.in("attn"), width, i),
              DecoderParts.layerNorm(layer, "ln_2", width, epsilon),
              new FeedForward.Sequential(
                  Linear.takeTransposed(layer.in("mlp"), "c_fc", width, inner),
                  Linear.takeTransposed(layer.in("mlp"), "c_proj", inner, width),
                  activation)));
    }
    return new Decoder(
        tokens,
        1,
        new Embedding(model.take("wpe.weight", positions, width)),
        layers,
        DecoderParts.layerNorm(model, "ln_f", width, epsilon),
        DecoderParts.head(weights, tokens, width, vocabulary),
        1,
        0);
  }

  private static Attention attention(ModelConfig config, Weights weights, int width, int layer) {
    int heads = config.integer("n_head");
    int headDim = width / heads;
    double scale = config.bool("scale_attn_weights", true) ? 1 / Math.sqrt(headDim) : 1;
    if (config.bool("scale_attn_by_inverse_layer_idx", false)) {
      scale /= layer + 1;
    }
    Linear fused = Linear.takeTransposed(weights, "c_attn", width, 3 * width);
    return new Attention(
        fused.outputs(0, width),
        fused.outputs(width, 2 * width),
        fused.outputs(2 * width, 3 * width),
        Linear.takeTransposed(weights, "c_proj", width, width),
        heads,
        heads,
        headDim,
        scale,
        0,
        0,
        null,
        null,
        null);
  }
}
