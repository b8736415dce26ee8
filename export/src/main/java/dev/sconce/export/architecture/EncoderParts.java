package dev.sconce.export.architecture;

import dev.sconce.export.block.Activation;
import dev.sconce.export.block.HeadedAttention;
import dev.sconce.export.block.Linear;
import dev.sconce.export.block.Norm;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.export.checkpoint.Weights;

/** Pieces that most encoders spell alike. */
final class EncoderParts {

  static final String FILL_MASK = "fill-mask";
  static final String TEXT_CLASSIFICATION = "text-classification";
  static final String IMAGE_CLASSIFICATION = "image-classification";

  private static final int DEFAULT_LABELS = 2;

  private EncoderParts() {}

  /** A layer norm; in checkpoints of old releases its weight is gamma and its bias beta. */
  static Norm layerNorm(Weights weights, String name, int width, double epsilon) {
    Weights norm = weights.in(name);
    return new Norm.Layer(
        norm.take(norm.has("gamma") ? "gamma" : "weight", width),
        norm.take(norm.has("beta") ? "beta" : "bias", width),
        width,
        epsilon);
  }

  static HeadedAttention attention(
      Linear query, Linear key, Linear value, Linear output, int width, int heads) {
    int headDim = width / heads;
    return new HeadedAttention(query, key, value, output, heads, headDim, 1 / Math.sqrt(headDim));
  }

  static Activation activation(ModelConfig config, String key) {
    return Activation.named(key, config.string(key, "gelu"));
  }

  /** Returns how many labels a classifier has, by the rules of {@code PretrainedConfig}. */
  static int labels(ModelConfig config) {
    return config
        .object("id2label")
        .map(labels -> labels.json().members().size())
        .orElseGet(() -> config.integer("num_labels", DEFAULT_LABELS));
  }

  /**
   * The layer that gives a masked language model's logits: a matrix of its own if the checkpoint
   * has one, otherwise the token embedding.
   *
   * @param bias the bias, under whatever name
   */
  static Linear vocabularyHead(
      Weights weights, String name, Weight tokens, Weight bias, int width, int vocabulary) {
    Weight matrix =
        weights.has(name + ".weight") ? weights.take(name + ".weight", vocabulary, width) : tokens;
    return new Linear(matrix, bias);
  }
}
