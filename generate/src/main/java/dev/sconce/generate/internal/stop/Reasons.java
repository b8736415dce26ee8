package dev.sconce.generate.internal.stop;

import dev.sconce.generate.FinishReason;
import dev.sconce.generate.StopRule;
import dev.sconce.generate.TokenRow;
import java.util.List;

/** Says why a finished row ended: what the row itself says goes before its length and the time. */
public final class Reasons {

  private Reasons() {}

  /**
   * Returns why a row ended.
   *
   * @param otherwise the reason if no rule says that it was its own doing
   */
  public static FinishReason of(TokenRow tokens, List<StopRule> stops, FinishReason otherwise) {
    FinishReason found = otherwise;
    for (StopRule stop : stops) {
      if (!stop.stops(tokens)) {
        continue;
      }
      switch (stop) {
        case MaxLength _ -> found = FinishReason.LENGTH;
        // Time that went on since a row reached its length was not what ended it.
        case MaxTime _ -> found = found == FinishReason.LENGTH ? found : FinishReason.TIME;
        default -> {
          return FinishReason.STOP;
        }
      }
    }
    return found;
  }
}
