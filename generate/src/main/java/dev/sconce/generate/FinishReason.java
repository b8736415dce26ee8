package dev.sconce.generate;

/** Why a sequence ended. */
public enum FinishReason {
  /** The model said so, or another stopping rule held. */
  STOP,
  /** The length limit was reached. */
  LENGTH,
  /** The time was up. */
  TIME,
  /** The caller stopped the generation. */
  CANCELLED,
  /**
   * The search with beams was over without it: rules forbid every token, or scores are no numbers.
   */
  UNFINISHED
}
