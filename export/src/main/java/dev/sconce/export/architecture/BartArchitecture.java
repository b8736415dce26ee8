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
import dev.sconce.export.block.Positions;
import dev.sconce.export.block.SequenceEmbedding;
import dev.sconce.export.block.SourceEncoder;
import dev.sconce.export.block.SourceLayer;
import dev.sconce.export.block.TargetAttention;
import dev.sconce.export.block.TargetDecoder;
import dev.sconce.export.block.TargetLayer;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.export.checkpoint.Weights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * BART and its relatives, which differ in positions and in where norms stand.
 *
 * <pre>
 *            positions                    norm of embeddings   norms of layers
 * bart       learned, from row 2          yes                  last
 * mbart      learned, from row 2          yes                  first, and one in the end
 * marian     sines, from row 0            no                   last
 * pegasus    sines, from row 0            no                   first, and one in the end
 * m2m_100    sines, after padding's row   no                   first, and one in the end
 * </pre>
 *
 * <p>NLLB is of type m2m_100, mBART-50 of type mbart.
 */
public final class BartArchitecture implements Architecture {

  private static final String M2M = "m2m_100";

  /** Rows of a learned table before that of position 0. */
  private static final int OFFSET = 2;

  /** No configuration key: the epsilon that torch has by default. */
  private static final double EPSILON = 1e-5;

  /** Creates the family. */
  public BartArchitecture() {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("bart", "mbart", "marian", "pegasus", M2M);
  }

  @Override
  public Set<String> tasks() {
    return Set.of(Seq2SeqParts.TASK);
  }

  @Override
  public Collection<Pattern> ignoredTensors() {
    return List.of(
        Pattern.compile("(model\\.)?(encoder|decoder)\\.version"),
        // Copies of the shared embedding, and of sines that are computed.
        Pattern.compile("(model\\.)?(encoder|decoder)\\.embed_tokens\\.weight"),
        Pattern.compile("(model\\.)?(encoder|decoder)\\.embed_positions\\.weights"));
  }

  /** The sines of m2m_100 go on for ever; all others have a table. */
  @Override
  public OptionalInt positionLimit(ModelConfig config) {
    return config.string("model_type").equals(M2M)
        ? OptionalInt.empty()
        : OptionalInt.of(config.integer("max_position_embeddings", 1024));
  }

  @Override
  public EncoderDecoder build(String task, ModelConfig config, Weights weights, Limits limits) {
    Weights model = weights.in(weights.hasAny("model") ? "model" : "");
    int width = config.integer("d_model");
    int vocabulary = config.integer("vocab_size");
    boolean shares = config.bool("share_encoder_decoder_embeddings", true);
    int targets = shares ? vocabulary : config.integer("decoder_vocab_size", vocabulary);
    Embedding source =
        shares
            ? Seq2SeqParts.shared(model, vocabulary, width)
            : new Embedding(model.take("encoder.embed_tokens.weight", vocabulary, width));
    Embedding target =
        shares ? source : new Embedding(model.take("decoder.embed_tokens.weight", targets, width));
    Weight bias =
        weights.has("final_logits_bias")
            ? weights.take("final_logits_bias", 1, targets).reshaped(targets)
            : null;
    return new EncoderDecoder(
        encoder(config, model.in("encoder"), source),
        decoder(config, model.in("decoder"), target, Seq2SeqParts.head(weights, target, bias)));
  }

  private static SourceEncoder encoder(ModelConfig config, Weights stack, Embedding tokens) {
    int heads = config.integer("encoder_attention_heads");
    int inner = config.integer("encoder_ffn_dim");
    List<SourceLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.integer("encoder_layers"); i++) {
      Weights layer = stack.in("layers." + i);
      layers.add(
          new SourceLayer(
              new EncoderLayer(
                  attention(config, layer.in("self_attn"), heads),
                  norm(config, layer, "self_attn_layer_norm"),
                  feedForward(config, layer, inner),
                  norm(config, layer, "final_layer_norm"),
                  order(config)),
              null));
    }
    return new SourceEncoder(embedding(config, stack, tokens), layers, finalNorm(config, stack));
  }

  private static TargetDecoder decoder(
      ModelConfig config, Weights stack, Embedding tokens, Linear head) {
    int heads = config.integer("decoder_attention_heads");
    int inner = config.integer("decoder_ffn_dim");
    List<TargetLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.integer("decoder_layers"); i++) {
      Weights layer = stack.in("layers." + i);
      layers.add(
          new TargetLayer(
              new TargetAttention(attention(config, layer.in("self_attn"), heads), null),
              norm(config, layer, "self_attn_layer_norm"),
              new CrossAttention(attention(config, layer.in("encoder_attn"), heads)),
              norm(config, layer, "encoder_attn_layer_norm"),
              feedForward(config, layer, inner),
              norm(config, layer, "final_layer_norm"),
              order(config)));
    }
    return new TargetDecoder(
        embedding(config, stack, tokens), layers, finalNorm(config, stack), 1, head);
  }

  private static SequenceEmbedding embedding(ModelConfig config, Weights stack, Embedding tokens) {
    String type = config.string("model_type");
    boolean scaled = config.bool("scale_embedding", type.equals(M2M));
    boolean normed = type.equals("bart") || type.equals("mbart");
    return new SequenceEmbedding(
        tokens,
        scaled ? Math.sqrt(config.integer("d_model")) : 1,
        positions(config, stack),
        normed ? norm(config, stack, "layernorm_embedding") : null);
  }

  private static Positions positions(ModelConfig config, Weights stack) {
    int width = config.integer("d_model");
    int count = config.integer("max_position_embeddings", 1024);
    return switch (config.string("model_type")) {
      case "bart", "mbart" ->
          new Positions.Stored(
              stack
                  .take("embed_positions.weight", count + OFFSET, width)
                  .rows(OFFSET, count + OFFSET));
      case M2M -> new Positions.SinusoidalAfterPadding(width, config.integer("pad_token_id", 1));
      // Checkpoints may store the sines; then theirs count.
      default ->
          stack.has("embed_positions.weight")
              ? new Positions.Stored(stack.take("embed_positions.weight", count, width))
              : new Positions.Sinusoidal(width);
    };
  }

  private static NormOrder order(ModelConfig config) {
    return switch (config.string("model_type")) {
      case "bart", "marian" -> NormOrder.NORM_LAST;
      default -> NormOrder.NORM_FIRST;
    };
  }

  private static @Nullable Norm finalNorm(ModelConfig config, Weights stack) {
    return switch (order(config)) {
      case NORM_FIRST -> norm(config, stack, "layer_norm");
      case NORM_LAST -> null;
    };
  }

  private static HeadedAttention attention(ModelConfig config, Weights weights, int heads) {
    int width = config.integer("d_model");
    int headDim = width / heads;
    return new HeadedAttention(
        Linear.take(weights, "q_proj", width, width, true),
        Linear.take(weights, "k_proj", width, width, true),
        Linear.take(weights, "v_proj", width, width, true),
        Linear.take(weights, "out_proj", width, width, true),
        heads,
        headDim,
        1 / Math.sqrt(headDim));
  }

  private static FeedForward feedForward(ModelConfig config, Weights layer, int inner) {
    int width = config.integer("d_model");
    String usual = config.string("model_type").equals(M2M) ? "relu" : "gelu";
    return new FeedForward.Sequential(
        Linear.take(layer, "fc1", width, inner, true),
        Linear.take(layer, "fc2", inner, width, true),
        Activation.named("activation_function", config.string("activation_function", usual)));
  }

  private static Norm norm(ModelConfig config, Weights weights, String name) {
    return EncoderParts.layerNorm(weights, name, config.integer("d_model"), EPSILON);
  }
}
