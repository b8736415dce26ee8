package dev.sconce.export.architecture;

import dev.sconce.export.block.Embedding;
import dev.sconce.export.block.Linear;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.export.checkpoint.Weights;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pieces that encoder-decoder models of text spell alike. */
final class Seq2SeqParts {

  static final String TASK = "text2text-generation";

  /** How many numbers are compared at once. */
  private static final int BLOCK = 1 << 20;

  private Seq2SeqParts() {}

  /**
   * The embedding that encoder and decoder share, under the first of its names that is there.
   *
   * <p>Published checkpoints store it up to three times; transformers ties them all to one.
   */
  static Embedding shared(Weights weights, int vocabulary, int width) {
    String name =
        List.of("shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight")
            .stream()
            .filter(weights::has)
            .findFirst()
            .orElse("shared.weight");
    return new Embedding(weights.take(name, vocabulary, width));
  }

  /**
   * The head: {@code lm_head} if the checkpoint has one with numbers of its own, otherwise the
   * decoder's embedding.
   */
  static Linear head(Weights weights, Embedding tokens, @Nullable Weight bias) {
    Weight table = tokens.table();
    if (!weights.has("lm_head.weight")) {
      return new Linear(table, bias);
    }
    Weight own = weights.take("lm_head.weight", table.rows(), table.columns());
    return new Linear(equal(own, table) ? table : own, bias);
  }

  private static boolean equal(Weight a, Weight b) {
    int columns = a.columns();
    int step = Math.max(1, BLOCK / columns);
    float[] left = new float[step * columns];
    float[] right = new float[step * columns];
    for (int row = 0; row < a.rows(); row += step) {
      int count = Math.min(step, a.rows() - row);
      a.read(row, count, left);
      b.read(row, count, right);
      if (!Arrays.equals(left, 0, count * columns, right, 0, count * columns)) {
        return false;
      }
    }
    return true;
  }
}
