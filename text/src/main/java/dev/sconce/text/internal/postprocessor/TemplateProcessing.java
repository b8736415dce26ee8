package dev.sconce.text.internal.postprocessor;

import dev.sconce.text.internal.encoding.TokenRows;
import java.util.ArrayList;
import java.util.List;

/**
 * Arranges texts and special tokens by a template.
 *
 * @param single the template of one text
 * @param pair the template of two texts
 */
public record TemplateProcessing(List<Item> single, List<Item> pair) implements PostProcessor {

  /** Copies the lists. */
  public TemplateProcessing {
    single = List.copyOf(single);
    pair = List.copyOf(pair);
  }

  /** A part of a template. */
  public sealed interface Item {}

  /**
   * A text.
   *
   * @param index 0 or 1
   * @param typeId the type id it gets
   */
  public record Text(int index, int typeId) implements Item {}

  /**
   * Special tokens.
   *
   * @param ids their ids
   * @param tokens their strings
   * @param typeId the type id they get
   */
  public record Special(List<Integer> ids, List<String> tokens, int typeId) implements Item {

    /** Copies the lists. */
    public Special {
      ids = List.copyOf(ids);
      tokens = List.copyOf(tokens);
    }

    private TokenRows rows() {
      return TokenRows.special(
          ids.stream().mapToInt(Integer::intValue).toArray(),
          tokens.toArray(String[]::new),
          typeId);
    }
  }

  @Override
  public int addedTokens(boolean isPair) {
    int n = 0;
    for (Item item : isPair ? pair : single) {
      n += item instanceof Special special ? special.ids().size() : 0;
    }
    return n;
  }

  @Override
  public List<TokenRows> process(List<TokenRows> texts, boolean addSpecialTokens) {
    List<TokenRows> out = new ArrayList<>();
    for (Item item : texts.size() > 1 ? pair : single) {
      switch (item) {
        case Text(int index, int typeId) -> out.add(texts.get(index).withTypeId(typeId));
        case Special special -> {
          if (addSpecialTokens) {
            out.add(special.rows());
          }
        }
      }
    }
    return out;
  }
}
