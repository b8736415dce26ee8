package dev.sconce.generate;

/** A rule that ends a sequence. */
@FunctionalInterface
public interface StopRule {

  /** Returns whether a row ends with its last token. */
  boolean stops(TokenRow tokens);
}
