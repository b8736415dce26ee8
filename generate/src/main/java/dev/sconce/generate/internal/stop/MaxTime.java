package dev.sconce.generate.internal.stop;

import dev.sconce.generate.StopRule;
import dev.sconce.generate.TokenRow;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Ends all rows at a time.
 *
 * @param end the time
 * @param clock tells the time
 */
public record MaxTime(Instant end, InstantSource clock) implements StopRule {

  @Override
  public boolean stops(TokenRow tokens) {
    return clock.instant().isAfter(end);
  }
}
