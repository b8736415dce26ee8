package dev.sconce.generate;

import java.util.List;

/** A search in progress, which goes on as far as its caller asks. */
public interface SearchRun {

  /**
   * Goes on by one token of every row that is not finished.
   *
   * @return whether there is more to do
   */
  boolean advance();

  /** Returns the sequences as they are now: of the first prompt, best first, then of the next. */
  List<GeneratedSequence> results();
}
