package dev.sconce.text.internal.decoder;

/** Removes the spaces that word-level decoders leave before punctuation. */
public final class SpaceCleaner {

  private SpaceCleaner() {}

  /** Returns a text cleaned as transformers does, which unlike WordPiece keeps "do not". */
  public static String clean(String text) {
    return text.replace(" .", ".")
        .replace(" ?", "?")
        .replace(" !", "!")
        .replace(" ,", ",")
        .replace(" ' ", "'")
        .replace(" n't", "n't")
        .replace(" 'm", "'m")
        .replace(" 's", "'s")
        .replace(" 've", "'ve")
        .replace(" 're", "'re");
  }
}
