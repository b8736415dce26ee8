package dev.sconce.text.internal.encoding;

import dev.sconce.text.Truncation;
import dev.sconce.text.internal.Engine;
import dev.sconce.text.internal.model.TokenSink;
import dev.sconce.text.internal.pipeline.AlignedText;
import dev.sconce.text.internal.pipeline.Pieces;
import dev.sconce.text.internal.pipeline.Utf8;
import dev.sconce.text.internal.postprocessor.PostProcessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs texts through an engine.
 *
 * @param engine the parts
 * @param truncation how long texts are cut, or null
 * @param specialAsText whether special tokens in a text are ordinary text
 */
public record Encoder(Engine engine, @Nullable Truncation truncation, boolean specialAsText) {

  /** Returns the rows of one text or a pair, with offsets in UTF-16 units. */
  public TokenRows encode(String text, @Nullable String pair, boolean addSpecialTokens) {
    String first = Utf8.wellFormed(text);
    String second = pair == null ? null : Utf8.wellFormed(pair);
    Offsets offsets = Offsets.of(first, second);
    TokenRows rows1 = offsets.toCodePoints(tokenize(first, 0), 0);
    TokenRows rows2 = second == null ? null : offsets.toCodePoints(tokenize(second, 1), 1);
    PostProcessor processor = engine.postProcessor();
    if (truncation != null) {
      int added = addSpecialTokens && processor != null ? processor.addedTokens(second != null) : 0;
      int left = Math.max(truncation.maxLength() - added, 0);
      Truncator.Result cut = Truncator.truncate(rows1, rows2, truncation, left);
      rows1 = cut.first();
      rows2 = cut.second();
    }
    List<TokenRows> texts = new ArrayList<>();
    texts.add(rows1.withSequence(0));
    if (rows2 != null) {
      texts.add(rows2.withSequence(1));
    }
    if (processor != null) {
      texts = processor.process(withTypeIds(texts), addSpecialTokens);
    }
    TokenRows all = texts.isEmpty() ? TokenRows.empty() : texts.getFirst();
    for (int i = 1; i < texts.size(); i++) {
      all = all.then(texts.get(i));
    }
    return offsets.toUnits(all);
  }

  private static List<TokenRows> withTypeIds(List<TokenRows> texts) {
    List<TokenRows> out = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      out.add(texts.get(i).withTypeId(i));
    }
    return out;
  }

  /** Returns the number of tokens of a text, without special tokens around it. */
  public int count(String text) {
    return tokenize(Utf8.wellFormed(text), 0).size();
  }

  private TokenRows tokenize(String text, int typeId) {
    Pieces pieces = engine.added().split(text, specialAsText);
    if (engine.preTokenizer() != null) {
      pieces = engine.preTokenizer().split(pieces);
    }
    return tokenize(pieces, text, typeId);
  }

  private TokenRows tokenize(Pieces pieces, String text, int typeId) {
    TokenSink out = new TokenSink(text.length() / 3);
    int[] firstToken = new int[pieces.size() + 1];
    for (int i = 0; i < pieces.size(); i++) {
      int before = out.size();
      add(pieces, i, out);
      out.align(before, pieces.text(i), text);
      firstToken[i + 1] = out.size();
    }
    int[] words = new int[out.size()];
    for (int i = 0; i < pieces.size(); i++) {
      Arrays.fill(words, firstToken[i], firstToken[i + 1], i);
    }
    return out.rows(words, typeId);
  }

  private void add(Pieces pieces, int i, TokenSink out) {
    AlignedText text = pieces.text(i);
    int start = pieces.start(i);
    int end = pieces.end(i);
    if (pieces.token(i) != Pieces.NO_TOKEN) {
      out.add(pieces.token(i), start, end, text.text().substring(start, end));
    } else {
      engine.model().tokenize(text.text(), start, end, out);
    }
  }
}
