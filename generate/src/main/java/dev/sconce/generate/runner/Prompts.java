package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.GenerationConfig;
import java.util.Arrays;

/**
 * The prompts of a request as rows of one length, padded before; what a conversation holds already
 * goes before each. Padding of the request's own stays where it is, since lengths and rules count
 * it as transformers does.
 *
 * @param ids the tokens
 * @param masks 1 for each token that counts and 0 for padding
 */
@SuppressWarnings("ArrayRecordComponent") // made and read in one place, never compared
record Prompts(int[][] ids, int[][] masks) {

  static Prompts of(
      TextModel model, GenerationRequest request, GenerationConfig config, int[] history) {
    if (request.rows() == 0) {
      throw new InvalidInputException("generate", "prompts", "at least one", "none");
    }
    if (!request.decoderIds().isEmpty()) {
      throw new InvalidInputException(
          "generate", "decoderIds", "none, since the program has no encoder", "some");
    }
    int[][] rows = new int[request.rows()][];
    int[][] masks = new int[rows.length][];
    for (int r = 0; r < rows.length; r++) {
      int[] own =
          request.texts().isEmpty()
              ? request.ids().get(r)
              : text(model, request, config, history, r);
      rows[r] = Arrays.copyOf(history, history.length + own.length);
      System.arraycopy(own, 0, rows[r], history.length, own.length);
      masks[r] = new int[rows[r].length];
      Arrays.fill(masks[r], 1);
      if (!request.masks().isEmpty()) {
        System.arraycopy(request.masks().get(r), 0, masks[r], history.length, own.length);
      }
    }
    Prompts prompts = padded(rows, masks, config.padToken());
    for (int r = 0; r < rows.length; r++) {
      check(model, prompts.row(r), r);
    }
    return prompts;
  }

  private static int[] text(
      TextModel model, GenerationRequest request, GenerationConfig config, int[] history, int row) {
    String text = request.texts().get(row);
    return text.isEmpty() && history.length > 0
        ? new int[0]
        : model.encode(text, config, history.length == 0);
  }

  private static void check(TextModel model, int[] row, int number) {
    int context = model.program().context();
    String argument = "prompt " + number;
    if (row.length == 0) {
      throw new InvalidInputException(
          "generate", argument, "a token that counts, or a prefill before", "none");
    }
    if (row.length >= context) {
      throw new InvalidInputException(
          "generate",
          argument,
          "fewer tokens than the context of " + context + ", those before it included",
          "" + row.length);
    }
    int vocabulary = model.program().vocabulary();
    for (int id : row) {
      if (id < 0 || id >= vocabulary) {
        throw new InvalidInputException(
            "generate", argument, "token ids below " + vocabulary, "" + id);
      }
    }
  }

  private static Prompts padded(int[][] rows, int[][] flags, int pad) {
    int longest = Arrays.stream(rows).mapToInt(row -> row.length).max().orElseThrow();
    int[][] ids = new int[rows.length][longest];
    int[][] masks = new int[rows.length][longest];
    for (int r = 0; r < rows.length; r++) {
      int before = longest - rows[r].length;
      Arrays.fill(ids[r], 0, before, pad);
      System.arraycopy(rows[r], 0, ids[r], before, rows[r].length);
      System.arraycopy(flags[r], 0, masks[r], before, rows[r].length);
    }
    return new Prompts(ids, masks);
  }

  /** Returns the tokens of a row that count. */
  int[] row(int number) {
    int[] kept = new int[ids[number].length];
    int count = 0;
    for (int i = 0; i < kept.length; i++) {
      if (masks[number][i] != 0) {
        kept[count++] = ids[number][i];
      }
    }
    return Arrays.copyOf(kept, count);
  }

  /** Returns how many tokens count. */
  long count() {
    return Arrays.stream(masks).mapToLong(mask -> Arrays.stream(mask).sum()).sum();
  }
}
