package dev.sconce.text.template;

import dev.sconce.base.InvalidInputException;

/**
 * What one rendering may cost; a template that wants more is stopped.
 *
 * @param maxWork characters and list elements that the template makes, a step counting as eight
 * @param maxLength the longest string or list, the output included
 */
public record TemplateLimits(long maxWork, int maxLength) {

  private static final TemplateLimits DEFAULTS = new TemplateLimits(100_000_000, 1 << 24);

  /** Creates limits. */
  public TemplateLimits {
    if (maxWork <= 0 || maxLength <= 0) {
      throw new InvalidInputException(
          "TemplateLimits", "limits", "positive numbers", maxWork + " and " + maxLength);
    }
  }

  /**
   * Returns limits far beyond any honest conversation: twelve million steps, 16 million characters.
   */
  public static TemplateLimits defaults() {
    return DEFAULTS;
  }
}
