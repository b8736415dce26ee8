package dev.sconce.text.internal.postprocessor;

import dev.sconce.text.internal.encoding.TokenRows;
import java.util.ArrayList;
import java.util.List;

/** Puts special tokens around one or two texts and corrects offsets. Immutable. */
public sealed interface PostProcessor
    permits PostProcessor.Chain, ByteLevelProcessing, Bracketing, TemplateProcessing {

  /** Returns the number of special tokens that one text or a pair gets. */
  int addedTokens(boolean pair);

  /** Returns the parts of the final encoding, in order. */
  List<TokenRows> process(List<TokenRows> texts, boolean addSpecialTokens);

  /**
   * Several post-processors, one after the other.
   *
   * @param parts the post-processors in order
   */
  record Chain(List<PostProcessor> parts) implements PostProcessor {
    /** Copies the list. */
    public Chain {
      parts = List.copyOf(parts);
    }

    @Override
    public int addedTokens(boolean pair) {
      return parts.stream().mapToInt(part -> part.addedTokens(pair)).sum();
    }

    @Override
    public List<TokenRows> process(List<TokenRows> texts, boolean addSpecialTokens) {
      List<TokenRows> result = texts;
      for (PostProcessor part : parts) {
        result = part.process(result, addSpecialTokens);
      }
      return result;
    }
  }

  /** Returns each text and its overflowing rows changed by a function. */
  static TokenRows mapAll(TokenRows rows, java.util.function.UnaryOperator<TokenRows> change) {
    List<TokenRows> rest = new ArrayList<>();
    for (TokenRows overflowing : rows.overflowing()) {
      rest.add(change.apply(overflowing));
    }
    return change.apply(rows.withOverflowing(List.of())).withOverflowing(rest);
  }
}
