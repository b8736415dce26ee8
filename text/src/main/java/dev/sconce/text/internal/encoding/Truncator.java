package dev.sconce.text.internal.encoding;

import dev.sconce.base.InvalidInputException;
import dev.sconce.text.Truncation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts rows to a length; what is cut off overlaps by the stride. */
public final class Truncator {

  private Truncator() {}

  /** One or two texts after truncation. */
  public record Result(TokenRows first, @Nullable TokenRows second) {}

  /**
   * Cuts one or two texts to a common length.
   *
   * @param maxLength the length that is left for the texts
   */
  public static Result truncate(
      TokenRows first, @Nullable TokenRows second, Truncation truncation, int maxLength) {
    int length1 = first.size();
    int length2 = second == null ? 0 : second.size();
    int excess = length1 + length2 - maxLength;
    if (maxLength > 0 && excess <= 0) {
      return new Result(first, second);
    }
    if (maxLength == 0) {
      return new Result(
          cut(first, 0, truncation), second == null ? null : cut(second, 0, truncation));
    }
    return switch (truncation.strategy()) {
      case LONGEST_FIRST -> longestFirst(first, second, truncation, maxLength);
      case ONLY_FIRST -> new Result(shorten(first, excess, truncation), second);
      case ONLY_SECOND -> {
        if (second == null) {
          throw new InvalidInputException(
              "encode", "pair", "a second text, which alone may be truncated", "none");
        }
        yield new Result(first, shorten(second, excess, truncation));
      }
    };
  }

  private static TokenRows shorten(TokenRows rows, int excess, Truncation truncation) {
    if (rows.size() <= excess) {
      throw new InvalidInputException(
          "encode",
          "text",
          "a text of more than " + excess + " tokens, of which so many must be cut",
          rows.size() + " tokens");
    }
    return cut(rows, rows.size() - excess, truncation);
  }

  private static Result longestFirst(
      TokenRows first, @Nullable TokenRows second, Truncation truncation, int maxLength) {
    if (second == null) {
      return new Result(cut(first, maxLength, truncation), null);
    }
    // The shorter text stays whole if it can; otherwise both get half, the longer one the odd
    // token.
    int shorter = Math.min(first.size(), second.size());
    int longer = shorter > maxLength ? shorter : Math.max(shorter, maxLength - shorter);
    if (shorter + longer > maxLength) {
      shorter = maxLength / 2;
      longer = shorter + maxLength % 2;
    }
    boolean swapped = first.size() > second.size();
    return new Result(
        cut(first, swapped ? longer : shorter, truncation),
        cut(second, swapped ? shorter : longer, truncation));
  }

  private static TokenRows cut(TokenRows rows, int maxLength, Truncation truncation) {
    int size = rows.size();
    if (maxLength >= size) {
      return rows;
    }
    if (maxLength == 0) {
      return TokenRows.empty().withOverflowing(List.of(rows));
    }
    int stride = truncation.stride();
    if (stride >= maxLength) {
      throw new InvalidInputException(
          "encode",
          "truncation",
          "a stride below the length of " + maxLength + " that special tokens leave",
          "a stride of " + stride);
    }
    List<TokenRows> parts = new ArrayList<>();
    int step = maxLength - stride;
    if (truncation.direction() == Truncation.Direction.RIGHT) {
      for (int start = 0; start < size; start += step) {
        int stop = Math.min(start + maxLength, size);
        parts.add(rows.slice(start, stop));
        if (stop == size) {
          break;
        }
      }
    } else {
      for (int stop = size; stop > 0; stop -= step) {
        int start = Math.max(stop - maxLength, 0);
        parts.add(rows.slice(start, stop));
        if (start == 0) {
          break;
        }
      }
    }
    return parts.getFirst().withOverflowing(List.copyOf(parts.subList(1, parts.size())));
  }
}
