package dev.sconce.export;

import dev.sconce.base.DType;
import dev.sconce.graph.quantize.WeightScheme.ScaleChoice;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that an export can be told.
 *
 * @param task the task, or empty to take it from the checkpoint's class
 * @param recipe the recipe's name
 * @param dtype the element type of weights and activations
 * @param linear the scheme of linear layers, or empty
 * @param linearGroupSize how many weights share a scale in 4-bit linear layers; 0 for a row
 * @param linearOverrides schemes by glob of tensor names; "none" keeps a layer floating
 * @param embedding the scheme of embeddings, {@code 8w} or {@code 4w}, or empty
 * @param embeddingGroupSize how many weights share a scale in embeddings; 0 for a row
 * @param scales how scales are chosen
 * @param maxSequenceLength how many tokens the caches hold, or empty for the default
 * @param dynamicShapes whether a call may bring several tokens
 * @param allLogits whether logits of every position are returned, or those of the last
 * @param customAttention whether to use {@code llama::custom_sdpa}; empty for the recipe's choice
 * @param customCache whether to use {@code llama::update_cache}; empty for the recipe's choice
 * @param embedded whether methods that generate are written into programs that can hold them
 * @param generationConfig the file to read instead of the checkpoint's {@code
 *     generation_config.json}
 * @param batch how many rows a call of {@code generate}, or of an encoder, may have
 * @param beams how many beams a row may have; empty for the task's choice
 * @param maxSourceLength how many tokens a source may have (encoder-decoder models); empty for the
 *     default
 * @param upstreamIo whether encoder and decoder have the inputs that optimum-executorch gives them,
 *     and no more
 */
public record ExportOptions(
    Optional<String> task,
    String recipe,
    DType dtype,
    Optional<String> linear,
    int linearGroupSize,
    Map<String, String> linearOverrides,
    Optional<String> embedding,
    int embeddingGroupSize,
    ScaleChoice scales,
    OptionalInt maxSequenceLength,
    boolean dynamicShapes,
    boolean allLogits,
    Optional<Boolean> customAttention,
    Optional<Boolean> customCache,
    boolean embedded,
    Optional<Path> generationConfig,
    int batch,
    OptionalInt beams,
    OptionalInt maxSourceLength,
    boolean upstreamIo) {

  private static final int DEFAULT_GROUP = 32;

  /** Copies the map. */
  public ExportOptions {
    linearOverrides =
        java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(linearOverrides));
  }

  /** Returns the defaults: float32, recipe xnnpack, nothing quantised. */
  public static ExportOptions defaults() {
    return new Builder().build();
  }

  /** Returns a builder that starts from these options. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.task = task;
    builder.recipe = recipe;
    builder.dtype = dtype;
    builder.linear = linear;
    builder.linearGroupSize = linearGroupSize;
    builder.linearOverrides.putAll(linearOverrides);
    builder.embedding = embedding;
    builder.embeddingGroupSize = embeddingGroupSize;
    builder.scales = scales;
    builder.maxSequenceLength = maxSequenceLength;
    builder.dynamicShapes = dynamicShapes;
    builder.allLogits = allLogits;
    builder.customAttention = customAttention;
    builder.customCache = customCache;
    builder.embedded = embedded;
    builder.generationConfig = generationConfig;
    builder.batch = batch;
    builder.beams = beams;
    builder.maxSourceLength = maxSourceLength;
    builder.upstreamIo = upstreamIo;
    return builder;
  }

  /** Collects options; what is not set keeps its default. */
  public static final class Builder {
    private Optional<String> task = Optional.empty();
    private String recipe = "xnnpack";
    private DType dtype = DType.FLOAT32;
    private Optional<String> linear = Optional.empty();
    private int linearGroupSize = DEFAULT_GROUP;
    private final Map<String, String> linearOverrides = new LinkedHashMap<>();
    private Optional<String> embedding = Optional.empty();
    private int embeddingGroupSize;
    private ScaleChoice scales = ScaleChoice.HQQ;
    private OptionalInt maxSequenceLength = OptionalInt.empty();
    private boolean dynamicShapes = true;
    private boolean allLogits;
    private Optional<Boolean> customAttention = Optional.empty();
    private Optional<Boolean> customCache = Optional.empty();
    private boolean embedded = true;
    private Optional<Path> generationConfig = Optional.empty();
    private int batch = 1;
    private OptionalInt beams = OptionalInt.empty();
    private OptionalInt maxSourceLength = OptionalInt.empty();
    private boolean upstreamIo;

    private Builder() {}

    /** Sets the task. */
    public Builder task(String value) {
      task = Optional.of(value);
      return this;
    }

    /** Sets the recipe. */
    public Builder recipe(String value) {
      recipe = value;
      return this;
    }

    /** Sets the element type of weights and activations. */
    public Builder dtype(DType value) {
      dtype = value;
      return this;
    }

    /** Sets the scheme of linear layers: 8da4w, 8da8w, or 8da4w,8da8w. */
    public Builder linear(String value) {
      linear = Optional.of(value);
      return this;
    }

    /** Sets how many weights share a scale in 4-bit linear layers; 0 for a row. */
    public Builder linearGroupSize(int value) {
      linearGroupSize = value;
      return this;
    }

    /** Sets the scheme of the linear layers whose weight's name matches a glob. */
    public Builder linearOverride(String glob, String scheme) {
      linearOverrides.put(glob, scheme);
      return this;
    }

    /** Sets the scheme of embeddings: 8w or 4w. */
    public Builder embedding(String value) {
      embedding = Optional.of(value);
      return this;
    }

    /** Sets how many weights share a scale in embeddings; 0 for a row. */
    public Builder embeddingGroupSize(int value) {
      embeddingGroupSize = value;
      return this;
    }

    /** Sets how scales are chosen. */
    public Builder scales(ScaleChoice value) {
      scales = value;
      return this;
    }

    /** Sets how many tokens the caches hold. */
    public Builder maxSequenceLength(int value) {
      maxSequenceLength = OptionalInt.of(value);
      return this;
    }

    /** Sets whether a call may bring several tokens. */
    public Builder dynamicShapes(boolean value) {
      dynamicShapes = value;
      return this;
    }

    /** Sets whether logits of every position are returned. */
    public Builder allLogits(boolean value) {
      allLogits = value;
      return this;
    }

    /** Sets whether to use {@code llama::custom_sdpa}. */
    public Builder customAttention(boolean value) {
      customAttention = Optional.of(value);
      return this;
    }

    /** Sets whether to use {@code llama::update_cache}. */
    public Builder customCache(boolean value) {
      customCache = Optional.of(value);
      return this;
    }

    /** Sets whether methods that generate are written into programs that can hold them. */
    public Builder embedded(boolean value) {
      embedded = value;
      return this;
    }

    /** Sets the file to read instead of the checkpoint's {@code generation_config.json}. */
    public Builder generationConfig(Path value) {
      generationConfig = Optional.of(value);
      return this;
    }

    /** Sets how many rows a call of {@code generate}, or of an encoder, may have. */
    public Builder batch(int value) {
      batch = value;
      return this;
    }

    /** Sets how many beams a row may have. */
    public Builder beams(int value) {
      beams = OptionalInt.of(value);
      return this;
    }

    /** Sets how many tokens a source may have. */
    public Builder maxSourceLength(int value) {
      maxSourceLength = OptionalInt.of(value);
      return this;
    }

    /** Sets whether encoder and decoder have the inputs that optimum-executorch gives them. */
    public Builder upstreamIo(boolean value) {
      upstreamIo = value;
      return this;
    }

    /** Returns the options. */
    public ExportOptions build() {
      return new ExportOptions(
          task,
          recipe,
          dtype,
          linear,
          linearGroupSize,
          linearOverrides,
          embedding,
          embeddingGroupSize,
          scales,
          maxSequenceLength,
          dynamicShapes,
          allLogits,
          customAttention,
          customCache,
          embedded,
          generationConfig,
          batch,
          beams,
          maxSourceLength,
          upstreamIo);
    }
  }
}
