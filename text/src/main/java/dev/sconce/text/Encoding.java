package dev.sconce.text;

import dev.sconce.text.internal.encoding.TokenRows;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of a text or of a pair of texts, with everything that is known about each.
 *
 * <p>Offsets are indices into the original text in UTF-16 units, as Java counts; those of special
 * tokens and padding are 0 and 0. Immutable: methods that return arrays return copies.
 */
public final class Encoding {

  private final TokenRows rows;
  private final List<Encoding> overflowing;

  Encoding(TokenRows rows) {
    this.rows = rows;
    List<Encoding> rest = new ArrayList<>();
    for (TokenRows part : rows.overflowing()) {
      rest.add(new Encoding(part));
    }
    this.overflowing = List.copyOf(rest);
  }

  /** Returns the number of tokens. */
  public int size() {
    return rows.size();
  }

  /** Returns the ids. */
  public int[] ids() {
    return rows.ids().clone();
  }

  /** Returns the id of a token. */
  public int id(int index) {
    return rows.ids()[index];
  }

  /** Returns the strings of the tokens. */
  public List<String> tokens() {
    return List.of(rows.tokens());
  }

  /** Returns where the part of the original text that a token stands for begins. */
  public int start(int index) {
    return rows.starts()[index];
  }

  /** Returns where the part of the original text that a token stands for ends. */
  public int end(int index) {
    return rows.ends()[index];
  }

  /** Returns the type ids: which segment a token belongs to. */
  public int[] typeIds() {
    return rows.typeIds().clone();
  }

  /** Returns 1 for each token that counts and 0 for padding. */
  public int[] attentionMask() {
    return rows.attention().clone();
  }

  /** Returns 1 for each token that was added around the text and 0 for those of the text. */
  public int[] specialTokensMask() {
    return rows.special().clone();
  }

  /** Returns the index of the word, as the pre-tokenizer splits, of each token; -1 for none. */
  public int[] wordIds() {
    return rows.words().clone();
  }

  /** Returns for each token 0 or 1 for the text it comes from; -1 for none. */
  public int[] sequenceIds() {
    return rows.sequences().clone();
  }

  /** Returns what truncation cut off, in parts of the same length. */
  public List<Encoding> overflowing() {
    return overflowing;
  }

  @Override
  public String toString() {
    return "Encoding of " + size() + " tokens " + tokens();
  }
}
