package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.GenerationConfig;
import java.util.Arrays;

/**
 * The prompts of a request as rows of one length, padded before; what a conversation holds already
 * goes before each.
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
    for (int r = 0; r < rows.length; r++) {
      int[] own =
          request.texts().isEmpty() ? ids(request, r) : text(model, request, config, history, r);
      rows[r] = Arrays.copyOf(history, history.length + own.length);
      System.arraycopy(own, 0, rows[r], history.length, own.length);
      check(model, rows[r], r);
    }
    return padded(rows, config.padToken());
  }

  private static int[] text(
      TextModel model, GenerationRequest request, GenerationConfig config, int[] history, int row) {
    String text = request.texts().get(row);
    return text.isEmpty() && history.length > 0
        ? new int[0]
        : model.encode(text, config, history.length == 0);
  }

  /** Returns a row of ids without what its mask hides. */
  private static int[] ids(GenerationRequest request, int row) {
    int[] ids = request.ids().get(row);
    if (request.masks().isEmpty()) {
      return ids;
    }
    int[] mask = request.masks().get(row);
    int[] kept = new int[ids.length];
    int count = 0;
    for (int i = 0; i < ids.length; i++) {
      if (mask[i] != 0) {
        kept[count++] = ids[i];
      }
    }
    return Arrays.copyOf(kept, count);
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

  private static Prompts padded(int[][] rows, int pad) {
    int longest = Arrays.stream(rows).mapToInt(row -> row.length).max().orElseThrow();
    int[][] ids = new int[rows.length][longest];
    int[][] masks = new int[rows.length][longest];
    for (int r = 0; r < rows.length; r++) {
      int before = longest - rows[r].length;
      Arrays.fill(ids[r], 0, before, pad);
      Arrays.fill(masks[r], before, longest, 1);
      System.arraycopy(rows[r], 0, ids[r], before, rows[r].length);
    }
    return new Prompts(ids, masks);
  }

  /** Returns the tokens of a row that count. */
  int[] row(int number) {
    int before = 0;
    while (masks[number][before] == 0) {
      before++;
    }
    return Arrays.copyOfRange(ids[number], before, ids[number].length);
  }

  /** Returns how many tokens count. */
  long count() {
    return Arrays.stream(masks).mapToLong(mask -> Arrays.stream(mask).sum()).sum();
  }
}
