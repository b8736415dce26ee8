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

/**
 * BERT, and RoBERTa and XLM-RoBERTa, which have the same layers, but positions that start after the
 * padding token's number, and other heads.
 */
public final class BertArchitecture implements Architecture {

  /** Creates the family. */
  public BertArchitecture() {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("bert", "roberta", "xlm-roberta");
  }

  @Override
  public Set<String> tasks() {
    return Set.of(EncoderParts.FILL_MASK, EncoderParts.TEXT_CLASSIFICATION);
  }

  @Override
  public Collection<Pattern> ignoredTensors() {
    return List.of(
        Pattern.compile("(.*\\.)?embeddings\\.(position_ids|token_type_ids)"),
        // Heads of the other tasks.
        Pattern.compile("(.*\\.)?pooler\\..*"),
        Pattern.compile("cls\\..*|lm_head\\..*|classifier\\..*"));
  }

  @Override
  public OptionalInt positionLimit(ModelConfig config) {
    int table = config.integer("max_position_embeddings", 512);
    return OptionalInt.of(isRoberta(config) ? table - padding(config) - 1 : table);
  }

  private static boolean isRoberta(ModelConfig config) {
    return !config.string("model_type").equals("bert");
  }

  private static int padding(ModelConfig config) {
    return config.integer("pad_token_id", isRoberta(config) ? 1 : 0);
  }

  @Override
  public TextEncoder build(String task, ModelConfig config, Weights weights, Limits limits) {
    config.requireDefault("is_decoder", false);
    config.requireDefault("add_cross_attention", false);
    config.requireDefault("position_embedding_type", "absolute");
    int width = config.integer("hidden_size");
    double epsilon = config.number("layer_norm_eps", 1e-12);
    String prefix = isRoberta(config) ? "roberta" : "bert";
    Weights model = weights.in(weights.hasAny(prefix) ? prefix : "");
    Weights embeddings = model.in("embeddings");
    Weight tokens = embeddings.take("word_embeddings.weight", config.integer("vocab_size"), width);
    Embedding positions =
        new Embedding(
            embeddings.take(
                "position_embeddings.weight",
                config.integer("max_position_embeddings", 512),
                width));
    Embedding types =
        new Embedding(
            embeddings.take(
                "token_type_embeddings.weight", config.integer("type_vocab_size", 2), width));
    List<EncoderLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.integer("num_hidden_layers"); i++) {
      layers.add(layer(config, model.in("encoder.layer." + i), width, epsilon));
    }
    return new TextEncoder(
        new Embedding(tokens),
        positions,
        isRoberta(config) ? padding(config) : -1,
        types,
        EncoderParts.layerNorm(embeddings, "LayerNorm", width, epsilon),
        layers,
        head(task, config, weights, model, tokens));
  }

  private static EncoderLayer layer(ModelConfig config, Weights layer, int width, double epsilon) {
    Weights self = layer.in("attention.self");
    int inner = config.integer("intermediate_size");
    return new EncoderLayer(
        EncoderParts.attention(
            Linear.take(self, "query", width, width, true),
            Linear.take(self, "key", width, width, true),
            Linear.take(self, "value", width, width, true),
            Linear.take(layer, "attention.output.dense", width, width, true),
            width,
            config.integer("num_attention_heads")),
        EncoderParts.layerNorm(layer, "attention.output.LayerNorm", width, epsilon),
        new FeedForward.Sequential(
            Linear.take(layer, "intermediate.dense", width, inner, true),
            Linear.take(layer, "output.dense", inner, width, true),
            EncoderParts.activation(config, "hidden_act")),
        EncoderParts.layerNorm(layer, "output.LayerNorm", width, epsilon),
        NormOrder.NORM_LAST);
  }

  private static EncoderHead head(
      String task, ModelConfig config, Weights weights, Weights model, Weight tokens) {
    int width = config.integer("hidden_size");
    if (task.equals(EncoderParts.FILL_MASK)) {
      return isRoberta(config)
          ? robertaMask(config, weights.in("lm_head"), tokens)
          : bertMask(config, weights.in("cls.predictions"), tokens);
    }
    int labels = EncoderParts.labels(config);
    if (isRoberta(config)) {
      Weights classifier = weights.in("classifier");
      return new EncoderHead(
          true,
          Linear.take(classifier, "dense", width, width, true),
          Activation.TANH,
          null,
          Linear.take(classifier, "out_proj", width, labels, true));
    }
    return new EncoderHead(
        true,
        Linear.take(model, "pooler.dense", width, width, true),
        Activation.TANH,
        null,
        Linear.take(weights, "classifier", width, labels, true));
  }

  private static EncoderHead bertMask(ModelConfig config, Weights head, Weight tokens) {
    int width = config.integer("hidden_size");
    int vocabulary = config.integer("vocab_size");
    Weights transform = head.in("transform");
    return new EncoderHead(
        false,
        Linear.take(transform, "dense", width, width, true),
        EncoderParts.activation(config, "hidden_act"),
        EncoderParts.layerNorm(
            transform, "LayerNorm", width, config.number("layer_norm_eps", 1e-12)),
        EncoderParts.vocabularyHead(
            head, "decoder", tokens, head.take("bias", vocabulary), width, vocabulary));
  }

  private static EncoderHead robertaMask(ModelConfig config, Weights head, Weight tokens) {
    int width = config.integer("hidden_size");
    int vocabulary = config.integer("vocab_size");
    return new EncoderHead(
        false,
        Linear.take(head, "dense", width, width, true),
        Activation.GELU,
        EncoderParts.layerNorm(head, "layer_norm", width, config.number("layer_norm_eps", 1e-12)),
        EncoderParts.vocabularyHead(
            head, "decoder", tokens, head.take("bias", vocabulary), width, vocabulary));
  }
}
