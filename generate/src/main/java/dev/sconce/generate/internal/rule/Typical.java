package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;

/**
 * Keeps the tokens whose information is closest to the entropy, up to a probability mass.
 *
 * @param mass the mass
 * @param minKept how many are kept at least
 */
public record Typical(double mass, int minKept) implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    double norm = Scores.logSumExp(scores, 0, scores.length);
    double[] probabilities = Scores.probabilities(scores);
    double entropy = Scores.entropy(probabilities);
    double[] distances = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      distances[i] = Math.abs(norm - scores[i] - entropy);
    }
    int[] order = Scores.ascending(distances);
    int last = 0;
    double sum = 0;
    while (last < order.length - 1) {
      sum += probabilities[order[last]];
      if (sum >= mass) {
        break;
      }
      last++;
    }
    for (int i = minKept; i < order.length; i++) {
      if (distances[order[i]] > distances[order[last]]) {
        scores[order[i]] = Scores.BANNED;
      }
    }
  }
}
