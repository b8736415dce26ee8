package dev.sconce.text.internal.decoder;

import dev.sconce.text.internal.added.AddedVocabulary;
import dev.sconce.text.internal.model.Model;

/** Turns ids into text. Immutable. */
public interface TokenDecoder {

  /** Returns the text of some ids; those that no token has are passed over. */
  String decode(int[] ids, boolean skipSpecialTokens);

  /** Makes a decoder for a tokenizer. */
  @FunctionalInterface
  interface Factory {
    /** Returns a decoder that looks tokens up in the given places. */
    TokenDecoder create(AddedVocabulary added, Model model);
  }
}
