package dev.sconce.text;

/**
 * How tokens are turned into text.
 *
 * @param skipSpecialTokens whether special tokens are left out
 * @param cleanUpSpaces whether spaces before punctuation and English contractions go
 */
public record DecodeOptions(boolean skipSpecialTokens, boolean cleanUpSpaces) {

  /** Returns what transformers does by default with a tokenizer and special tokens left out. */
  public static DecodeOptions ofTransformers(Tokenizer tokenizer) {
    return new DecodeOptions(true, tokenizer.cleansUpSpaces());
  }
}
