package dev.sconce.generate;

import dev.sconce.generate.internal.stop.EndToken;
import dev.sconce.generate.internal.stop.MaxLength;
import dev.sconce.generate.internal.stop.MaxTime;
import dev.sconce.generate.internal.stop.StopStrings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The stopping rules that come with Sconce. */
public final class StopRules {

  private StopRules() {}

  /** Returns a rule that ends rows at a length, prompt included. */
  public static StopRule maxLength(int length) {
    return new MaxLength(length);
  }

  /** Returns a rule that ends a row at one of some tokens. */
  public static StopRule endTokens(int... ids) {
    return new EndToken(ids);
  }

  /** Returns a rule that ends all rows after a time. */
  public static StopRule maxTime(Duration time, InstantSource clock) {
    return new MaxTime(clock.instant().plus(time), clock);
  }

  /**
   * Returns a rule that ends a row whose last token completes one of some strings, prompt included.
   *
   * @param tokenTexts what each token of the vocabulary adds to a text, in UTF-8
   */
  public static StopRule stopStrings(List<String> strings, List<byte[]> tokenTexts) {
    return new StopStrings(
        strings.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList(), tokenTexts);
  }
}
