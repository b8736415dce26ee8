package dev.sconce.export.architecture;

import dev.sconce.export.block.Activation;
import dev.sconce.export.block.Embedding;
import dev.sconce.export.block.EncoderHead;
import dev.sconce.export.block.EncoderLayer;
import dev.sconce.export.block.FeedForward;
import dev.sconce.export.block.Linear;
import dev.sconce.export.block.NormOrder;
import dev.sconce.export.block.TextEncoder;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.export.checkpoint.Weights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** DistilBERT: BERT without token types and pooler, under names of its own. */
public final class DistilBertArchitecture implements Architecture {

  /** Not a configuration key: the model's code has it as a number. */
  private static final double EPSILON = 1e-12;

  /** Creates the family. */
  public DistilBertArchitecture() {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("distilbert");
  }

  @Override
  public Set<String> tasks() {
    return Set.of(EncoderParts.FILL_MASK, EncoderParts.TEXT_CLASSIFICATION);
  }

  @Override
  public Collection<Pattern> ignoredTensors() {
    return List.of(
        Pattern.compile("(.*\\.)?embeddings\\.position_ids"),
        Pattern.compile("(vocab_|pre_classifier|classifier).*"));
  }

  @Override
  public OptionalInt positionLimit(ModelConfig config) {
    return OptionalInt.of(config.integer("max_position_embeddings", 512));
  }

  @Override
  public TextEncoder build(String task, ModelConfig config, Weights weights, Limits limits) {
    int width = config.integer("dim", 768);
    Weights model = weights.in(weights.hasAny("distilbert") ? "distilbert" : "");
    Weights embeddings = model.in("embeddings");
    Weight tokens = embeddings.take("word_embeddings.weight", config.integer("vocab_size"), width);
    Weight positions =
        embeddings.take(
            "position_embeddings.weight", config.integer("max_position_embeddings", 512), width);
    List<EncoderLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.integer("n_layers", 6); i++) {
      layers.add(layer(config, model.in("transformer.layer." + i), width));
    }
    return new TextEncoder(
        new Embedding(tokens),
        new Embedding(positions),
        -1,
        null,
        EncoderParts.layerNorm(embeddings, "LayerNorm", width, EPSILON),
        layers,
        head(task, config, weights, tokens, width));
  }

  private static EncoderLayer layer(ModelConfig config, Weights layer, int width) {
    Weights attention = layer.in("attention");
    int inner = config.integer("hidden_dim", 4 * width);
    return new EncoderLayer(
        EncoderParts.attention(
            Linear.take(attention, "q_lin", width, width, true),
            Linear.take(attention, "k_lin", width, width, true),
            Linear.take(attention, "v_lin", width, width, true),
            Linear.take(attention, "out_lin", width, width, true),
            width,
            config.integer("n_heads", 12)),
        EncoderParts.layerNorm(layer, "sa_layer_norm", width, EPSILON),
        new FeedForward.Sequential(
            Linear.take(layer, "ffn.lin1", width, inner, true),
            Linear.take(layer, "ffn.lin2", inner, width, true),
            EncoderParts.activation(config, "activation")),
        EncoderParts.layerNorm(layer, "output_layer_norm", width, EPSILON),
        NormOrder.NORM_LAST);
  }

  private static EncoderHead head(
      String task, ModelConfig config, Weights weights, Weight tokens, int width) {
    if (task.equals(EncoderParts.FILL_MASK)) {
      int vocabulary = config.integer("vocab_size");
      Weight bias = weights.take("vocab_projector.bias", vocabulary);
      return new EncoderHead(
          false,
          Linear.take(weights, "vocab_transform", width, width, true),
          EncoderParts.activation(config, "activation"),
          EncoderParts.layerNorm(weights, "vocab_layer_norm", width, EPSILON),
          EncoderParts.vocabularyHead(weights, "vocab_projector", tokens, bias, width, vocabulary));
    }
    return new EncoderHead(
        true,
        Linear.take(weights, "pre_classifier", width, width, true),
        Activation.RELU,
        null,
        Linear.take(weights, "classifier", width, EncoderParts.labels(config), true));
  }
}
