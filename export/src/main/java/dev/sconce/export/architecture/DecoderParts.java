package dev.sconce.export.architecture;

import dev.sconce.export.block.Activation;
import dev.sconce.export.block.Embedding;
import dev.sconce.export.block.FeedForward;
import dev.sconce.export.block.Linear;
import dev.sconce.export.block.Norm;
import dev.sconce.export.block.Rotary;
import dev.sconce.export.block.RotaryFrequencies;
import dev.sconce.export.block.RotaryParameters;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.checkpoint.Weights;
import java.util.List;
import java.util.regex.Pattern;

/** Pieces that most decoders spell alike. */
final class DecoderParts {

  /** Buffers of rotary embeddings that old releases of transformers stored. */
  static final List<Pattern> ROTARY_BUFFERS = List.of(Pattern.compile(".*rotary_emb\\.inv_freq"));

  private DecoderParts() {}

  /** Returns the size of a head: {@code head_dim}, or the width over the number of heads. */
  static int headDim(ModelConfig config) {
    int heads = config.integer("num_attention_heads");
    return config
        .optionalInteger("head_dim")
        .orElseGet(() -> config.integer("hidden_size") / heads);
  }

  static Rotary rotary(
      ModelConfig config, RotaryParameters parameters, int headDim, Architecture.Limits limits) {
    int length = limits.maxSequenceLength();
    return new Rotary(RotaryFrequencies.of(config, parameters, headDim, length), length);
  }

  static Norm rms(Weights weights, String name, int width, double epsilon) {
    return new Norm.Rms(weights.take(name + ".weight", width), epsilon);
  }

  /** The norm of the Gemma family, whose stored weights are 1 less than the factors. */
  static Norm zeroCenteredRms(Weights weights, String name, int width, double epsilon) {
    return new Norm.Rms(weights.take(name + ".weight", width).plus(1), epsilon);
  }

  static Norm layerNorm(Weights weights, String name, int width, double epsilon) {
    Weights norm = weights.in(name);
    return new Norm.Layer(norm.take("weight", width), norm.take("bias", width), width, epsilon);
  }

  /** The gated feed-forward of the Llama family: gate_proj, up_proj, down_proj. */
  static FeedForward gated(
      Weights mlp, int width, int intermediate, Activation activation, boolean bias) {
    return new FeedForward.Gated(
        Linear.take(mlp, "gate_proj", width, intermediate, bias),
        Linear.take(mlp, "up_proj", width, intermediate, bias),
        Linear.take(mlp, "down_proj", intermediate, width, bias),
        activation);
  }

  /**
   * The head: {@code lm_head}, or the embedding if the checkpoint has none. What a checkpoint holds
   * counts, not {@code tie_word_embeddings}: its default differs from class to class.
   */
  static Linear head(Weights weights, Embedding tokens, int width, int vocabulary) {
    return weights.has("lm_head.weight")
        ? Linear.take(weights, "lm_head", width, vocabulary, weights.has("lm_head.bias"))
        : new Linear(tokens.table(), null);
  }
}
