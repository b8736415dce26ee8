package dev.sconce.export.architecture;

import dev.sconce.export.block.EncoderHead;
import dev.sconce.export.block.EncoderLayer;
import dev.sconce.export.block.FeedForward;
import dev.sconce.export.block.ImageEncoder;
import dev.sconce.export.block.Linear;
import dev.sconce.export.block.NormOrder;
import dev.sconce.export.block.PatchEmbedding;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.export.checkpoint.Weights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The vision transformer, and DeiT, which has one more vector before the patches. */
public final class VitArchitecture implements Architecture {

  /** Creates the family. */
  public VitArchitecture() {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("vit", "deit");
  }

  @Override
  public Set<String> tasks() {
    return Set.of(EncoderParts.IMAGE_CLASSIFICATION);
  }

  @Override
  public Collection<Pattern> ignoredTensors() {
    return List.of(
        Pattern.compile("(.*\\.)?pooler\\..*"), Pattern.compile("(.*\\.)?embeddings\\.mask_token"));
  }

  @Override
  public ImageEncoder build(String task, ModelConfig config, Weights weights, Limits limits) {
    int width = config.integer("hidden_size", 768);
    double epsilon = config.number("layer_norm_eps", 1e-12);
    String type = config.string("model_type");
    Weights model = weights.in(weights.hasAny(type) ? type : "");
    Weights embeddings = model.in("embeddings");
    List<Weight> prefix = new ArrayList<>();
    prefix.add(embeddings.take("cls_token", 1, 1, width));
    if (type.equals("deit")) {
      prefix.add(embeddings.take("distillation_token", 1, 1, width));
    }
    PatchEmbedding patches = patches(config, embeddings.in("patch_embeddings.projection"), width);
    int[] kernel = patches.kernel().shape();
    int count = PatchEmbedding.count(patches.height(), patches.width(), kernel[2], kernel[3]);
    boolean hub = model.hasAny("encoder.layer");
    List<EncoderLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.integer("num_hidden_layers", 12); i++) {
      layers.add(layer(config, model.in((hub ? "encoder.layer." : "layers.") + i), hub));
    }
    return new ImageEncoder(
        config.integer("num_channels", 3),
        patches,
        prefix,
        embeddings.take("position_embeddings", 1, count + prefix.size(), width),
        layers,
        new EncoderHead(
            true,
            null,
            null,
            EncoderParts.layerNorm(model, "layernorm", width, epsilon),
            head(config, weights, width)));
  }

  /** The teacher's model answers with the mean of two classifiers, of the first two vectors. */
  private static Linear head(ModelConfig config, Weights weights, int width) {
    if (weights.hasAny("distillation_classifier")) {
      throw config.unsupported(
          "architectures",
          "classifiers with a teacher are not supported; DeiTForImageClassification" + " is");
    }
    return Linear.take(weights, "classifier", width, EncoderParts.labels(config), true);
  }

  private static PatchEmbedding patches(ModelConfig config, Weights projection, int width) {
    int[] image = pair(config, "image_size", 224);
    int[] patch = pair(config, "patch_size", 16);
    return new PatchEmbedding(
        projection.take("weight", width, config.integer("num_channels", 3), patch[0], patch[1]),
        projection.take("bias", width),
        image[0],
        image[1]);
  }

  /** A size is one number for height and width, or both. */
  private static int[] pair(ModelConfig config, String key, int otherwise) {
    List<Integer> sizes = config.integers(key);
    return switch (sizes.size()) {
      case 0 -> new int[] {otherwise, otherwise};
      case 1 -> new int[] {sizes.getFirst(), sizes.getFirst()};
      case 2 -> new int[] {sizes.getFirst(), sizes.getLast()};
      default -> throw config.unsupported(key, "expected one number or two");
    };
  }

  /**
   * A layer, by the names of published checkpoints or by those of transformers' modules since 5.0.
   */
  private static EncoderLayer layer(ModelConfig config, Weights layer, boolean hub) {
    int width = config.integer("hidden_size", 768);
    int inner = config.integer("intermediate_size", 3072);
    double epsilon = config.number("layer_norm_eps", 1e-12);
    boolean bias = config.bool("qkv_bias", true);
    Weights attention = layer.in("attention");
    return new EncoderLayer(
        EncoderParts.attention(
            Linear.take(attention, hub ? "attention.query" : "q_proj", width, width, bias),
            Linear.take(attention, hub ? "attention.key" : "k_proj", width, width, bias),
            Linear.take(attention, hub ? "attention.value" : "v_proj", width, width, bias),
            Linear.take(attention, hub ? "output.dense" : "o_proj", width, width, true),
            width,
            config.integer("num_attention_heads", 12)),
        EncoderParts.layerNorm(layer, "layernorm_before", width, epsilon),
        new FeedForward.Sequential(
            Linear.take(layer, hub ? "intermediate.dense" : "mlp.fc1", width, inner, true),
            Linear.take(layer, hub ? "output.dense" : "mlp.fc2", inner, width, true),
            EncoderParts.activation(config, "hidden_act")),
        EncoderParts.layerNorm(layer, "layernorm_after", width, epsilon),
        NormOrder.NORM_FIRST);
  }
}
