package dev.sconce.cli.internal.generate;

import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import java.security.SecureRandom;

/**
 * Seeds for those who give none: then each answer is another draw, as with transformers and with
 * ExecuTorch's runners.
 */
public final class Seeds {

  private static final int BITS = 31;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Seeds() {}

  /** Returns settings with a seed: their own, or a new one if they have none. */
  public static GenerationConfig in(GenerationConfig config) {
    if (!config.sampling() || config.isSet(Setting.SEED)) {
      return config;
    }
    // The generator reads as many bits, and near 0 its first numbers are all alike.
    return config.withSeed(RANDOM.nextInt() & (1L << BITS) - 1);
  }
}
