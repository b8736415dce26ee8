package dev.sconce.export.architecture;

import dev.sconce.export.block.Activation;
import dev.sconce.export.block.CrossAttention;
import dev.sconce.export.block.Embedding;
import dev.sconce.export.block.EncoderDecoder;
import dev.sconce.export.block.EncoderLayer;
import dev.sconce.export.block.FeedForward;
import dev.sconce.export.block.HeadedAttention;
import dev.sconce.export.block.Linear;
import dev.sconce.export.block.Norm;
import dev.sconce.export.block.NormOrder;
import dev.sconce.export.block.RelativeBias;
import dev.sconce.export.block.SequenceEmbedding;
import dev.sconce.export.block.SourceEncoder;
import dev.sconce.export.block.SourceLayer;
import dev.sconce.export.block.TargetAttention;
import dev.sconce.export.block.TargetDecoder;
import dev.sconce.export.block.TargetLayer;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.checkpoint.Weights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * T5, FLAN-T5, ByT5, mT5 and umT5: no absolute positions but a bias by distance, scores without
 * scale, no biases in linear layers.
 */
public final class T5Architecture implements Architecture {

  private static final String UMT5 = "umt5";

  /** Creates the family. */
  public T5Architecture() {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("t5", "mt5", UMT5);
  }

  @Override
  public Set<String> tasks() {
    return Set.of(Seq2SeqParts.TASK);
  }

  @Override
  public Collection<Pattern> ignoredTensors() {
    return List.of(
        // Copies of the shared embedding.
        Pattern.compile("(encoder|decoder)\\.embed_tokens\\.weight"),
        // Old releases stored a bias that cross attention does not use.
        Pattern.compile("decoder\\.block\\.0\\.layer\\.1\\.EncDecAttention\\.relative.*"));
  }

  @Override
  public EncoderDecoder build(String task, ModelConfig config, Weights weights, Limits limits) {
    int width = config.integer("d_model");
    Embedding tokens = Seq2SeqParts.shared(weights, config.integer("vocab_size"), width);
    SequenceEmbedding embedding = new SequenceEmbedding(tokens, 1, null, null);
    return new EncoderDecoder(
        encoder(config, weights.in("encoder"), embedding),
        decoder(config, weights, embedding, Seq2SeqParts.head(weights, tokens, null)));
  }

  private static SourceEncoder encoder(
      ModelConfig config, Weights stack, SequenceEmbedding embedding) {
    List<SourceLayer> layers = new ArrayList<>();
    RelativeBias bias = null;
    for (int i = 0; i < config.integer("num_layers"); i++) {
      Weights block = stack.in("block." + i + ".layer");
      bias = bias(config, block.in("0.SelfAttention"), bias, true);
      layers.add(
          new SourceLayer(
              new EncoderLayer(
                  attention(config, block.in("0.SelfAttention")),
                  norm(config, block, "0.layer_norm"),
                  feedForward(config, block.in("1.DenseReluDense")),
                  norm(config, block, "1.layer_norm"),
                  NormOrder.NORM_FIRST),
              bias));
    }
    return new SourceEncoder(embedding, layers, norm(config, stack, "final_layer_norm"));
  }

  private static TargetDecoder decoder(
      ModelConfig config, Weights weights, SequenceEmbedding embedding, Linear head) {
    Weights stack = weights.in("decoder");
    List<TargetLayer> layers = new ArrayList<>();
    RelativeBias bias = null;
    int count = config.integer("num_decoder_layers", config.integer("num_layers"));
    for (int i = 0; i < count; i++) {
      Weights block = stack.in("block." + i + ".layer");
      bias = bias(config, block.in("0.SelfAttention"), bias, false);
      layers.add(
          new TargetLayer(
              new TargetAttention(attention(config, block.in("0.SelfAttention")), bias),
              norm(config, block, "0.layer_norm"),
              new CrossAttention(attention(config, block.in("1.EncDecAttention"))),
              norm(config, block, "1.layer_norm"),
              feedForward(config, block.in("2.DenseReluDense")),
              norm(config, block, "2.layer_norm"),
              NormOrder.NORM_FIRST));
    }
    return new TargetDecoder(
        embedding, layers, norm(config, stack, "final_layer_norm"), headFactor(config), head);
  }

  /**
   * Vectors are scaled before a head that was trained tied. T5 tells that by {@code
   * scale_decoder_outputs}, which transformers writes since its version 5, else by {@code
   * tie_word_embeddings}, which is true unless the file says false (and which version 5 writes as
   * true for all); mT5 never scales; umT5 always does.
   */
  private static double headFactor(ModelConfig config) {
    boolean scaled =
        switch (config.string("model_type")) {
          case "t5" ->
              config.bool("scale_decoder_outputs", config.bool("tie_word_embeddings", true));
          case UMT5 -> true;
          default -> false;
        };
    return scaled ? Math.pow(config.integer("d_model"), -0.5) : 1;
  }

  /** The first layer's bias serves all of a stack, except in umT5, where each has its own. */
  private static RelativeBias bias(
      ModelConfig config, Weights attention, @Nullable RelativeBias ofStack, boolean both) {
    if (ofStack != null && !config.string("model_type").equals(UMT5)) {
      return ofStack;
    }
    return new RelativeBias(
        attention.take(
            "relative_attention_bias.weight",
            config.integer("relative_attention_num_buckets", 32),
            config.integer("num_heads")),
        config.integer("relative_attention_max_distance", 128),
        both);
  }

  private static HeadedAttention attention(ModelConfig config, Weights weights) {
    int width = config.integer("d_model");
    int heads = config.integer("num_heads");
    int headDim = config.integer("d_kv");
    int inner = heads * headDim;
    return new HeadedAttention(
        Linear.take(weights, "q", width, inner, false),
        Linear.take(weights, "k", width, inner, false),
        Linear.take(weights, "v", width, inner, false),
        Linear.take(weights, "o", inner, width, false),
        heads,
        headDim,
        1);
  }

  /** {@code feed_forward_proj} is an activation, or "gated-" and one. */
  private static FeedForward feedForward(ModelConfig config, Weights weights) {
    int width = config.integer("d_model");
    int inner = config.integer("d_ff");
    boolean t5 = config.string("model_type").equals("t5");
    String kind = config.string("feed_forward_proj", t5 ? "relu" : "gated-gelu");
    boolean gated = kind.startsWith("gated-");
    // The one gated form that is trained with the approximation under the plain name.
    String name = kind.equals("gated-gelu") ? "gelu_new" : kind.replaceFirst("^gated-", "");
    Activation activation = Activation.named("feed_forward_proj", name);
    Linear down = Linear.take(weights, "wo", inner, width, false);
    return gated
        ? new FeedForward.Gated(
            Linear.take(weights, "wi_0", width, inner, false),
            Linear.take(weights, "wi_1", width, inner, false),
            down,
            activation)
        : new FeedForward.Sequential(
            Linear.take(weights, "wi", width, inner, false), down, activation);
  }

  private static Norm norm(ModelConfig config, Weights weights, String name) {
    return DecoderParts.rms(
        weights, name, config.integer("d_model"), config.number("layer_norm_epsilon", 1e-6));
  }
}
