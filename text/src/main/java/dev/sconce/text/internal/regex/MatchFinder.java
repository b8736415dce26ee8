package dev.sconce.text.internal.regex;

/** Finds the matches of a pattern in a part of a text, from left to right. Immutable. */
public interface MatchFinder {

  /** The result of {@link #find} where there is no further match. */
  long NONE = -1;

  /**
   * Finds the first match that begins at or after an index.
   *
   * @param begin where the part begins; nothing before it is seen
   * @param end where the part ends; nothing after it is seen
   * @param from where to start looking
   * @return {@code start << 32 | end}, or {@link #NONE}
   */
  long find(String text, int begin, int end, int from);

  /** Returns a cursor over the matches in a part of a text. */
  default Cursor matches(String text, int begin, int end) {
    return new Cursor(this, text, begin, end);
  }

  /** Walks over matches; an empty match right after another match is passed over. */
  final class Cursor {
    private final MatchFinder finder;
    private final String text;
    private final int begin;
    private final int limit;
    private int from;
    private int lastEnd = -1;
    private int start;
    private int end;

    Cursor(MatchFinder finder, String text, int begin, int limit) {
      this.finder = finder;
      this.text = text;
      this.begin = begin;
      this.limit = limit;
      this.from = begin;
    }

    /** Moves to the next match and returns whether there is one. */
    public boolean next() {
      while (from <= limit) {
        long match = finder.find(text, begin, limit, from);
        if (match == NONE) {
          return false;
        }
        start = (int) (match >>> 32);
        end = (int) match;
        if (start == end && end == lastEnd) {
          from += from < limit ? Character.charCount(text.codePointAt(from)) : 1;
          continue;
        }
        from = end;
        lastEnd = end;
        return true;
      }
      return false;
    }

    /** Returns where the match begins. */
    public int start() {
      return start;
    }

    /** Returns where the match ends. */
    public int end() {
      return end;
    }
  }
}
