package dev.sconce.generate.internal.stop;

import dev.sconce.generate.FinishReason;
import dev.sconce.generate.StopRule;
import dev.sconce.generate.TokenRow;
import java.util.List;

/** Says why a finished row ended: what the row itself says goes before its length and the time. */
public final class Reasons {

  private Reasons() {}

  /** Returns why a finished row ended. */
  public static FinishReason of(TokenRow tokens, List<StopRule> stops) {
    boolean byLength = false;
    for (StopRule stop : stops) {
      // The clock went on since the row ended, so it is not asked again.
      if (!(stop instanceof MaxTime) && stop.stops(tokens)) {
        if (!(stop instanceof MaxLength)) {
          return FinishReason.STOP;
        }
        byLength = true;
      }
    }
    return byLength ? FinishReason.LENGTH : FinishReason.TIME;
  }
}
