package dev.sconce.generate.internal.stop;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.StopRule;
import dev.sconce.generate.StopRules;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The stopping rules of a configuration. */
public final class Stops {

  private Stops() {}

  /**
   * Returns the rules, the caller's among them.
   *
   * @param maxLength the greatest length of a row, prompt included
   * @param tokenTexts what each token adds to a text, in UTF-8; empty if nobody knows
   * @param clock by which times are measured, from now on
   * @throws InvalidInputException if there are stop strings, and nobody knows the tokens' texts
   */
  public static List<StopRule> of(
      GenerationConfig config,
      int maxLength,
      List<byte[]> tokenTexts,
      InstantSource clock,
      List<StopRule> custom) {
    List<StopRule> stops = new ArrayList<>();
    stops.add(new MaxLength(maxLength));
    if (config.isSet(Setting.MAX_TIME)) {
      // The conversion to long saturates, at 292 years.
      long nanos = (long) (config.number(Setting.MAX_TIME, 0) * 1e9);
      stops.add(StopRules.maxTime(Duration.ofNanos(nanos), clock));
    }
    if (!tokenTexts.isEmpty() && !config.stopStrings().isEmpty()) {
      stops.add(StopRules.stopStrings(config.stopStrings(), tokenTexts));
    } else if (!config.stopStrings().isEmpty()
        && custom.stream().noneMatch(StopStrings.class::isInstance)) {
      throw new InvalidInputException(
          "Search.run",
          "stop_strings",
          "the texts of the tokens or a rule of StopRules.stopStrings",
          "neither");
    }
    stops.addAll(custom);
    if (config.endTokens().length > 0) {
      stops.add(new EndToken(config.endTokens()));
    }
    return stops;
  }
}
