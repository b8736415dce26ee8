package dev.sconce.text.internal.postprocessor;

import dev.sconce.text.internal.encoding.TokenRows;
import java.util.ArrayList;
import java.util.List;

/**
 * The brackets of BERT, {@code [CLS] A [SEP] B [SEP]}, and of RoBERTa, {@code <s> A </s></s> B
 * </s>}.
 *
 * @param cls what stands in front
 * @param sep what stands behind each text, and in RoBERTa in front of the second one too
 * @param roberta whether all type ids are 0 and the second text has two brackets
 * @param trimOffsets whether offsets leave out spaces (RoBERTa)
 * @param addPrefixSpace whether the first space was added (RoBERTa)
 */
public record Bracketing(
    Special cls, Special sep, boolean roberta, boolean trimOffsets, boolean addPrefixSpace)
    implements PostProcessor {

  /**
   * A special token.
   *
   * @param token its string
   * @param id its id
   */
  public record Special(String token, int id) {
    private TokenRows rows(int typeId) {
      return TokenRows.special(new int[] {id}, new String[] {token}, typeId);
    }
  }

  @Override
  public int addedTokens(boolean pair) {
    return !pair ? 2 : roberta ? 4 : 3;
  }

  @Override
  public List<TokenRows> process(List<TokenRows> texts, boolean addSpecialTokens) {
    List<TokenRows> out = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      TokenRows text = texts.get(i);
      if (trimOffsets) {
        text = PostProcessor.mapAll(text, rows -> ByteLevelProcessing.trim(rows, addPrefixSpace));
      }
      if (roberta) {
        text = text.withTypeId(0);
      }
      boolean first = i == 0;
      out.add(addSpecialTokens ? PostProcessor.mapAll(text, rows -> bracket(rows, first)) : text);
    }
    return out;
  }

  private TokenRows bracket(TokenRows rows, boolean first) {
    if (first) {
      return cls.rows(0).then(roberta ? rows.withTypeId(0) : rows).then(sep.rows(0));
    }
    return roberta
        ? sep.rows(0).then(rows.withTypeId(0)).then(sep.rows(0))
        : rows.then(sep.rows(1));
  }
}
