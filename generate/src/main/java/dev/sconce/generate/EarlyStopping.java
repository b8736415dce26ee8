package dev.sconce.generate;

/** When beam search ends. */
public enum EarlyStopping {
  /** When the running beams are unlikely to improve on the finished ones. */
  FALSE,
  /** As soon as there are as many finished sequences as beams. */
  TRUE,
  /** When the running beams cannot improve on the finished ones. */
  NEVER
}
