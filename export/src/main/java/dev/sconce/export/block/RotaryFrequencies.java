package dev.sconce.export.block;

import dev.sconce.base.ExportException;
import dev.sconce.export.checkpoint.ModelConfig;
import java.util.List;

/**
 * The inverse frequencies of rotary position embeddings, and how they depend on the length.
 *
 * <p>Formulas are those of transformers' {@code modeling_rope_utils}, in float32 where it computes
 * in float32, so that tables agree to the last bits.
 *
 * @param dims how many dimensions of a head are rotated; an even number
 * @param attentionFactor what cosine and sine are multiplied by
 * @param lengthDependent whether {@link #at} depends on its argument
 */
public record RotaryFrequencies(
    int dims, double attentionFactor, boolean lengthDependent, ByLength byLength) {

  /** Inverse frequencies for a sequence of a given length. */
  @FunctionalInterface
  public interface ByLength {

    /** Returns one inverse frequency for each pair of dimensions. */
    float[] at(int length);
  }

  /** Returns the inverse frequencies for a sequence of a given length. */
  public float[] at(int length) {
    return byLength.at(length);
  }

  /**
   * Reads the frequencies of a model.
   *
   * @param config the model's configuration, for lengths
   * @param parameters the keys of rotary embeddings: {@code rope_parameters}, or an equivalent made
   *     of {@code rope_theta} and {@code rope_scaling}
   * @param headDim the size of a head
   * @param maxLength the longest sequence that the program will see
   */
  public static RotaryFrequencies of(
      ModelConfig config, RotaryParameters parameters, int headDim, int maxLength) {
    int dims = (int) (headDim * parameters.partialFactor());
    double theta = parameters.theta();
    ModelConfig keys = parameters.keys();
    return switch (parameters.type()) {
      case "default" -> fixed(dims, 1, plain(theta, dims, dims));
      case "linear" -> fixed(dims, 1, divided(plain(theta, dims, dims), keys.number("factor")));
      case "llama3" -> fixed(dims, 1, llama3(plain(theta, dims, dims), keys, config));
      case "proportional" ->
          fixed(headDim, 1, proportional(theta, headDim, parameters.partialFactor(), keys));
      case "yarn" -> yarn(theta, dims, keys, config);
      case "dynamic" -> dynamic(theta, dims, keys, config, maxLength);
      case "longrope", "su" -> longrope(theta, dims, keys, config, maxLength);
      default ->
          throw new ExportException(
              "rope type '" + parameters.type() + "'",
              "supported are default, linear, dynamic, yarn, longrope, llama3 and proportional");
    };
  }

  private static RotaryFrequencies fixed(int dims, double attentionFactor, float[] frequencies) {
    return new RotaryFrequencies(dims, attentionFactor, false, _ -> frequencies);
  }

  /** 1 / θ^(2i/d). */
  private static float[] plain(double theta, int dims, int denominator) {
    float[] frequencies = new float[dims / 2];
    for (int i = 0; i < frequencies.length; i++) {
      float exponent = 2f * i / denominator;
      frequencies[i] = 1f / (float) Math.pow(theta, exponent);
    }
    return frequencies;
  }

  private static float[] divided(float[] frequencies, double divisor) {
    float[] quotients = frequencies.clone();
    for (int i = 0; i < quotients.length; i++) {
      quotients[i] /= (float) divisor;
    }
    return quotients;
  }

  /** The last dimensions of a head keep the frequency 0, which rotates by nothing. */
  private static float[] proportional(
      double theta, int headDim, double proportion, ModelConfig keys) {
    int angles = (int) Math.floor(proportion * headDim / 2);
    float[] rotated = divided(plain(theta, 2 * angles, headDim), keys.number("factor", 1));
    return java.util.Arrays.copyOf(rotated, headDim / 2);
  }

  private static float[] llama3(float[] frequencies, ModelConfig keys, ModelConfig config) {
    double factor = keys.number("factor");
    double low = keys.number("low_freq_factor");
    double high = keys.number("high_freq_factor");
    double original = originalLength(keys, config);
    float[] scaled = frequencies.clone();
    for (int i = 0; i < scaled.length; i++) {
      float wavelength = (float) (2 * Math.PI) / frequencies[i];
      if (wavelength > original / low) {
        scaled[i] = frequencies[i] / (float) factor;
      } else if (wavelength >= original / high) {
        float smooth = ((float) original / wavelength - (float) low) / (float) (high - low);
        scaled[i] = (1 - smooth) * frequencies[i] / (float) factor + smooth * frequencies[i];
      }
    }
    return scaled;
  }

  private static RotaryFrequencies yarn(
      double theta, int dims, ModelConfig keys, ModelConfig config) {
    double original = originalLength(keys, config);
    double factor =
        keys.optionalNumber("factor")
            .orElseGet(() -> config.integer("max_position_embeddings") / original);
    double attention =
        keys.optionalNumber("attention_factor").orElseGet(() -> yarnAttention(keys, factor));
    double fast = nonZero(keys.number("beta_fast", 0), 32);
    double slow = nonZero(keys.number("beta_slow", 0), 1);
    double low = correctionDim(fast, dims, theta, original);
    double high = correctionDim(slow, dims, theta, original);
    if (keys.bool("truncate", true)) {
      low = Math.floor(low);
      high = Math.ceil(high);
    }
    low = Math.max(low, 0);
    high = Math.min(high, dims - 1);
    if (low == high) {
      high += 0.001;
    }
    float[] frequencies = new float[dims / 2];
    for (int i = 0; i < frequencies.length; i++) {
      float power = (float) Math.pow(theta, 2f * i / dims);
      float ramp = Math.clamp((i - (float) low) / (float) (high - low), 0f, 1f);
      float extrapolation = 1 - ramp;
      frequencies[i] =
          1f / ((float) factor * power) * (1 - extrapolation) + 1f / power * extrapolation;
    }
    return fixed(dims, attention, frequencies);
  }

  private static double nonZero(double value, double otherwise) {
    return value == 0 ? otherwise : value;
  }

  private static double yarnAttention(ModelConfig keys, double factor) {
    double mscale = keys.number("mscale", 0);
    double mscaleAll = keys.number("mscale_all_dim", 0);
    return mscale != 0 && mscaleAll != 0
        ? yarnScale(factor, mscale) / yarnScale(factor, mscaleAll)
        : yarnScale(factor, 1);
  }

  private static double yarnScale(double factor, double mscale) {
    return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
  }

  private static double correctionDim(double rotations, int dims, double theta, double original) {
    return dims * Math.log(original / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
  }

  /** NTK scaling of the base, which grows with the sequence beyond the trained length. */
  private static RotaryFrequencies dynamic(
      double theta, int dims, ModelConfig keys, ModelConfig config, int maxLength) {
    double factor = keys.number("factor");
    int trained = config.integer("max_position_embeddings");
    ByLength byLength =
        length -> {
          double scaled =
              theta
                  * Math.pow(
                      factor * Math.max(length, trained) / trained - (factor - 1),
                      (double) dims / (dims - 2));
          return plain(scaled, dims, dims);
        };
    return new RotaryFrequencies(dims, 1, maxLength > trained, byLength);
  }

  private static RotaryFrequencies longrope(
      double theta, int dims, ModelConfig keys, ModelConfig config, int maxLength) {
    double original = originalLength(keys, config);
    double factor =
        keys.optionalNumber("factor")
            .orElseGet(() -> config.integer("max_position_embeddings") / original);
    double attention =
        keys.optionalNumber("attention_factor")
            .orElseGet(
                () -> factor <= 1 ? 1.0 : Math.sqrt(1 + Math.log(factor) / Math.log(original)));
    float[] shortOnes = scaledBy(theta, dims, factors(keys, "short_factor", dims));
    float[] longOnes = scaledBy(theta, dims, factors(keys, "long_factor", dims));
    return new RotaryFrequencies(
        dims, attention, maxLength > original, length -> length > original ? longOnes : shortOnes);
  }

  private static List<Double> factors(ModelConfig keys, String key, int dims) {
    List<Double> factors =
        keys.numbers(key)
            .orElseThrow(
                () -> new ExportException("config key '" + key + "'", "longrope needs it"));
    if (factors.size() != dims / 2) {
      throw new ExportException(
          "config key '" + key + "'",
          "expected %d numbers, found %d".formatted(dims / 2, factors.size()));
    }
    return factors;
  }

  private static float[] scaledBy(double theta, int dims, List<Double> factors) {
    float[] frequencies = new float[dims / 2];
    for (int i = 0; i < frequencies.length; i++) {
      float power = (float) Math.pow(theta, 2f * i / dims);
      frequencies[i] = 1f / (factors.get(i).floatValue() * power);
    }
    return frequencies;
  }

  private static double originalLength(ModelConfig keys, ModelConfig config) {
    return keys.optionalNumber("original_max_position_embeddings")
        .or(() -> config.optionalNumber("original_max_position_embeddings"))
        .orElseGet(() -> (double) config.integer("max_position_embeddings"));
  }
}
