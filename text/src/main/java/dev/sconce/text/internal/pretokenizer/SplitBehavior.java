package dev.sconce.text.internal.pretokenizer;

/** What becomes of the delimiters when a text is split. */
public enum SplitBehavior {
  /** They are left out. */
  REMOVED,
  /** Each is a piece of its own. */
  ISOLATED,
  /** Each ends the piece before it. */
  MERGED_WITH_PREVIOUS,
  /** Each begins the piece after it. */
  MERGED_WITH_NEXT,
  /** Neighbouring delimiters are one piece. */
  CONTIGUOUS
}
