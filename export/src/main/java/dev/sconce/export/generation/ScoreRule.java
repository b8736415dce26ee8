package dev.sconce.export.generation;

import dev.sconce.graph.Value;

/** A rule of transformers that changes the scores of the next token, written as a graph. */
public interface ScoreRule {

  /** Returns the name, as in {@code generation_config.json}. */
  String name();

  /**
   * Writes the condition under which the rule changes anything, a boolean of the program; the rule
   * is jumped over otherwise.
   */
  Value active(RuleContext context);

  /**
   * Writes the rule.
   *
   * @param scores {@code float32[rows, vocabulary]}
   * @return the changed scores, of the same type
   */
  Value apply(RuleContext context, Value scores);
}
