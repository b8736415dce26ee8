package dev.sconce.text.internal.regex;

/** Whose rules a pattern follows where engines differ. */
public enum RegexFlavor {
  /** Oniguruma, which the tokenizers library uses. */
  ONIGURUMA,
  /** Rust's fancy-regex, which tiktoken uses. */
  FANCY
}
