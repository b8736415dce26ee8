package dev.sconce.generate.internal.rule;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.TokenRow;
import java.util.Arrays;

/**
 * The rules of Whisper's timestamps: they come in pairs, never go back, begin the text, and win if
 * together they are more likely than every other token.
 *
 * @param begin the length of a row at the first generated position
 * @param noTimestamps the token before the first timestamp
 * @param endToken the end token, up to which tokens are text
 * @param maxInitial the largest index of the first timestamp, or -1 for no bound
 * @param byProbability whether timestamps win by their sum
 */
public record WhisperTimestamps(
    int begin, int noTimestamps, int endToken, int maxInitial, boolean byProbability)
    implements LogitsRule {

  @Override
  public void apply(TokenRow tokens, float[] scores) {
    int first = noTimestamps + 1;
    scores[noTimestamps] = Scores.BANNED;
    int length = Math.max(0, tokens.size() - begin);
    boolean last = length >= 1 && tokens.last() >= first;
    boolean previous = length < 2 || tokens.get(tokens.size() - 2) >= first;
    if (last) {
      ban(scores, previous ? first : 0, previous ? scores.length : endToken);
    }
    for (int i = tokens.size() - 1; i >= Math.max(begin, 0); i--) {
      if (tokens.get(i) >= first) {
        ban(scores, first, tokens.get(i) + (last && !previous ? 0 : 1));
        break;
      }
    }
    if (tokens.size() == begin) {
      ban(scores, 0, first);
      if (maxInitial >= 0) {
        ban(scores, first + maxInitial + 1, scores.length);
      }
    }
    if (byProbability) {
      float text = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < first; i++) {
        text = Math.max(text, scores[i]);
      }
      if (Scores.logSumExp(scores, first, scores.length) > text) {
        ban(scores, 0, first);
      }
    }
  }

  private static void ban(float[] scores, int from, int to) {
    if (from < to) {
      Arrays.fill(
          scores, Math.min(from, scores.length), Math.min(to, scores.length), Scores.BANNED);
    }
  }
}
