package dev.sconce.export.block;

import dev.sconce.base.json.JsonObject;
import dev.sconce.export.checkpoint.ModelConfig;

/**
 * The keys of rotary embeddings, whichever way a configuration spells them: {@code rope_theta} and
 * {@code rope_scaling} beside the other keys, or {@code rope_parameters}, flat or one for each type
 * of layer.
 *
 * @param type default, linear, dynamic, yarn, longrope, llama3 or proportional
 * @param theta the base
 * @param partialFactor the share of a head's dimensions that is rotated
 * @param keys where the type's own keys are
 */
public record RotaryParameters(String type, double theta, double partialFactor, ModelConfig keys) {

  private static final double DEFAULT_THETA = 10_000;

  /**
   * Reads the parameters.
   *
   * @param config the model's configuration
   * @param layerType {@code full_attention}, {@code sliding_attention}, or "" if all layers agree
   */
  public static RotaryParameters of(ModelConfig config, String layerType) {
    ModelConfig keys =
        config
            .object("rope_parameters")
            .map(all -> layerType.isEmpty() ? all : all.object(layerType).orElse(all))
            .or(() -> config.object("rope_scaling"))
            .orElseGet(() -> new ModelConfig(JsonObject.builder().build()));
    String type = keys.optionalString("rope_type").orElseGet(() -> keys.string("type", "default"));
    double theta =
        keys.optionalNumber("rope_theta")
            .orElseGet(() -> config.number("rope_theta", DEFAULT_THETA));
    double partial =
        keys.optionalNumber("partial_rotary_factor")
            .orElseGet(() -> config.number("partial_rotary_factor", 1));
    return new RotaryParameters(type, theta, partial, keys);
  }

  /** Returns these parameters with another share of rotated dimensions. */
  public RotaryParameters withPartialFactor(double factor) {
    return new RotaryParameters(type, theta, factor, keys);
  }

  /** Returns plain rotary embeddings with another base. */
  public static RotaryParameters plain(double theta) {
    return new RotaryParameters("default", theta, 1, new ModelConfig(JsonObject.builder().build()));
  }
}
