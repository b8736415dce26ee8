package dev.sconce.text.internal.encoding;

import dev.sconce.text.Padding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fills rows up to a common length. */
public final class Padder {

  private Padder() {}

  /** Returns a batch with every row, overflowing ones included, padded. */
  public static List<TokenRows> pad(List<TokenRows> batch, Padding padding) {
    int length =
        padding.length().orElseGet(() -> batch.stream().mapToInt(TokenRows::size).max().orElse(0));
    int multiple = padding.multipleOf();
    if (multiple > 0 && length % multiple > 0) {
      length += multiple - length % multiple;
    }
    List<TokenRows> padded = new ArrayList<>();
    for (TokenRows rows : batch) {
      padded.add(pad(rows, length, padding));
    }
    return padded;
  }

  private static TokenRows pad(TokenRows rows, int length, Padding padding) {
    List<TokenRows> rest = new ArrayList<>();
    for (TokenRows overflowing : rows.overflowing()) {
      rest.add(pad(overflowing, length, padding));
    }
    int missing = length - rows.size();
    if (missing <= 0) {
      return rows.withOverflowing(rest);
    }
    int[] ids = new int[missing];
    Arrays.fill(ids, padding.id());
    String[] tokens = new String[missing];
    Arrays.fill(tokens, padding.token());
    TokenRows fill = TokenRows.special(ids, tokens, padding.typeId());
    Arrays.fill(fill.attention(), 0);
    TokenRows alone = rows.withOverflowing(List.of());
    return (padding.direction() == Padding.Direction.LEFT ? fill.then(alone) : alone.then(fill))
        .withOverflowing(rest);
  }
}
