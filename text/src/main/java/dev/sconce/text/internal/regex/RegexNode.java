package dev.sconce.text.internal.regex;

import dev.sconce.text.internal.unicode.CodePointRanges;
import java.util.List;

/** A parsed regular expression. */
sealed interface RegexNode {

  /** One character of a set. */
  record Characters(CodePointRanges set) implements RegexNode {}

  /** One node after the other. */
  record Concat(List<RegexNode> parts) implements RegexNode {}

  /** The first alternative that lets the whole match. */
  record Alternation(List<RegexNode> alternatives) implements RegexNode {}

  /** A node repeated; {@code max} is -1 for no limit. */
  record Repeat(RegexNode body, int min, int max, Mode mode) implements RegexNode {}

  /** How a repetition gives characters back. */
  enum Mode {
    /** As many as possible, then fewer. */
    GREEDY,
    /** As few as possible, then more. */
    LAZY,
    /** As many as possible, for good. */
    POSSESSIVE
  }

  /** A group whose match is never reconsidered. */
  record Atomic(RegexNode body) implements RegexNode {}

  /** A group that back references can name. */
  record Capture(int number, RegexNode body) implements RegexNode {}

  /** What a group matched before, again. */
  record BackReference(int number) implements RegexNode {}

  /** A condition on what follows. */
  record LookAhead(RegexNode body, boolean negative) implements RegexNode {}

  /** A condition on what precedes, for alternatives that each have one length. */
  record LookBehind(RegexNode body, boolean negative) implements RegexNode {}

  /** A condition on the place. */
  enum Assertion implements RegexNode {
    /** {@code ^}: the beginning, or after a line feed. */
    LINE_START,
    /** {@code $}: the end, or before a line feed. */
    LINE_END,
    /** {@code \A}. */
    TEXT_START,
    /** {@code \z}. */
    TEXT_END,
    /** {@code \Z}: the end, or before a line feed at the end. */
    TEXT_END_OR_FINAL_NEWLINE,
    /** {@code \b}. */
    WORD_BOUNDARY,
    /** {@code \B}. */
    NOT_WORD_BOUNDARY
  }
}
