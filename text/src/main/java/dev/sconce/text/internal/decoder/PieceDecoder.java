package dev.sconce.text.internal.decoder;

import dev.sconce.text.internal.added.AddedVocabulary;
import dev.sconce.text.internal.model.Model;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes by way of the tokens' strings.
 *
 * @param steps what is done to the strings; null joins them with spaces
 */
public record PieceDecoder(AddedVocabulary added, Model model, @Nullable Decoder steps)
    implements TokenDecoder {

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    List<String> tokens = new ArrayList<>(ids.length);
    for (int id : ids) {
      String token = added.token(id);
      if (token == null) {
        token = model.token(id);
      }
      if (token != null && !(skipSpecialTokens && added.isSpecial(token))) {
        tokens.add(token);
      }
    }
    return steps == null ? String.join(" ", tokens) : String.join("", steps.decode(tokens));
  }
}
