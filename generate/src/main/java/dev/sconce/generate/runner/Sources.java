package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.runner.internal.Seq2SeqProgram;
import dev.sconce.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The sources of a request as rows of one length, padded behind.
 *
 * @param ids the tokens
 * @param masks 1 for each token that counts and 0 for padding
 */
@SuppressWarnings("ArrayRecordComponent") // made and read in one place, never compared
record Sources(int[][] ids, int[][] masks) {

  static Sources of(
      GenerationRequest request, Seq2SeqProgram program, Optional<Tokenizer> tokenizer, int pad) {
    List<int[]> rows = request.ids();
    if (!request.texts().isEmpty()) {
      Tokenizer t = tokenizer.orElseThrow(() -> NoTokenizer.error("generate", "prompt"));
      rows = new ArrayList<>();
      for (String text : request.texts()) {
        rows.add(t.encode(text).ids());
      }
    }
    if (rows.isEmpty()) {
      throw new InvalidInputException("generate", "prompts", "at least one", "none");
    }
    int longest = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
    int[][] ids = new int[rows.size()][longest];
    int[][] masks = new int[rows.size()][longest];
    for (int r = 0; r < ids.length; r++) {
      int[] row = rows.get(r);
      check(program, row, r);
      Arrays.fill(ids[r], pad);
      System.arraycopy(row, 0, ids[r], 0, row.length);
      if (request.masks().isEmpty()) {
        Arrays.fill(masks[r], 0, row.length, 1);
      } else {
        System.arraycopy(request.masks().get(r), 0, masks[r], 0, row.length);
      }
      if (Arrays.stream(masks[r]).allMatch(flag -> flag == 0)) {
        throw new InvalidInputException(
            "generate", "source " + r, "at least one token that counts", "none");
      }
    }
    return new Sources(ids, masks);
  }

  private static void check(Seq2SeqProgram program, int[] row, int number) {
    if (row.length == 0 || row.length > program.sourceLength()) {
      throw new InvalidInputException(
          "generate",
          "source " + number,
          "1 to " + program.sourceLength() + " tokens, what the program has room for",
          "" + row.length);
    }
    for (int id : row) {
      if (id < 0) {
        throw new InvalidInputException(
            "generate", "source " + number, "token ids of at least 0", "" + id);
      }
    }
  }

  /** Returns how many tokens count. */
  long count() {
    return Arrays.stream(masks).mapToLong(mask -> Arrays.stream(mask).sum()).sum();
  }
}
