package dev.sconce.generate.runner.internal;

import dev.sconce.generate.StepFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a search over any number of sources: as many in one decoder as the program has room
 * for. Rows never go from one source to another.
 */
public final class SourceGroups implements StepFunction, AutoCloseable {

  /** A part of the sources. */
  private record Group(StepFunction rows, AutoCloseable memory) {}

  private final List<Group> groups = new ArrayList<>();
  private final int[] groupOfSource;
  // Of every row after the last step: its group, and its number there.
  private int[] groupOf = {};
  private int[] numberIn = {};

  /**
   * Encodes sources.
   *
   * @param methods what computes; nobody else's until this is closed
   * @param ids the sources, all equally long
   * @param masks 1 for each token that counts and 0 for padding
   * @param rows how many rows a source will have at most
   */
  public SourceGroups(Seq2SeqMethods methods, int[][] ids, int[][] masks, int rows) {
    Seq2SeqProgram program = methods.program();
    this.groupOfSource = new int[ids.length];
    boolean together = rows <= program.beams();
    int size = together && program.masked() ? program.sources() : 1;
    try {
      for (int at = 0; at < ids.length; at += size) {
        int end = Math.min(ids.length, at + size);
        Arrays.fill(groupOfSource, at, end, groups.size());
        EncodedSource source = encode(methods, ids, masks, at, end);
        EncodedSource kept = end - at == ids.length ? source : source.copy();
        groups.add(together ? batch(methods, kept) : states(methods, kept));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private EncodedSource encode(
      Seq2SeqMethods methods, int[][] ids, int[][] masks, int from, int to) {
    Seq2SeqProgram program = methods.program();
    int[][] tokens = Arrays.copyOfRange(ids, from, to);
    int[][] seen = Arrays.copyOfRange(masks, from, to);
    // Padding behind all of them is not worth computing, and must not be where no mask hides it.
    int length = Arrays.stream(seen).mapToInt(SourceGroups::lastSeen).max().orElseThrow();
    for (int r = 0; r < tokens.length; r++) {
      tokens[r] = Arrays.copyOf(tokens[r], length);
      seen[r] = Arrays.copyOf(seen[r], length);
    }
    if (!program.masked() && Arrays.stream(seen[0]).anyMatch(flag -> flag == 0)) {
      throw new dev.sconce.base.InvalidInputException(
          "generate",
          "mask",
          "padding at the end only, since the program's encoder takes no mask",
          Arrays.toString(seen[0]));
    }
    return program.encode(methods.encoder(), tokens, seen);
  }

  private static int lastSeen(int[] mask) {
    int length = mask.length;
    while (length > 1 && mask[length - 1] == 0) {
      length--;
    }
    return length;
  }

  private static Group batch(Seq2SeqMethods methods, EncodedSource source) {
    SourceBatch rows = new SourceBatch(methods, source);
    return new Group(rows, rows);
  }

  private static Group states(Seq2SeqMethods methods, EncodedSource source) {
    RowStates rows = new RowStates(() -> new SourceState(methods, source), new int[0][]);
    return new Group(rows, rows);
  }

  @Override
  public float[][] step(int[][] ids, int position, int @Nullable [] rows) {
    int[] group = new int[ids.length];
    int[] origin = new int[ids.length];
    for (int r = 0; r < ids.length; r++) {
      int copies = rows == null ? ids.length / groupOfSource.length : 1;
      group[r] = rows == null ? groupOfSource[r / copies] : groupOf[rows[r]];
      origin[r] = rows == null ? 0 : numberIn[rows[r]];
    }
    groupOf = group;
    numberIn = new int[ids.length];
    float[][] scores = new float[ids.length][];
    for (int g = 0; g < groups.size(); g++) {
      step(g, ids, position, rows == null ? null : origin, scores);
    }
    return scores;
  }

  private void step(int g, int[][] ids, int position, int @Nullable [] origin, float[][] scores) {
    int count = 0;
    for (int r = 0; r < ids.length; r++) {
      if (groupOf[r] == g) {
        numberIn[r] = count++;
      }
    }
    if (count == 0) {
      return;
    }
    int[][] tokens = new int[count][];
    int[] from = new int[count];
    for (int r = 0; r < ids.length; r++) {
      if (groupOf[r] == g) {
        tokens[numberIn[r]] = ids[r];
        from[numberIn[r]] = origin == null ? 0 : origin[r];
      }
    }
    float[][] own = groups.get(g).rows().step(tokens, position, origin == null ? null : from);
    for (int r = 0; r < ids.length; r++) {
      if (groupOf[r] == g) {
        scores[r] = own[numberIn[r]];
      }
    }
  }

  @Override
  public void close() {
    for (Group group : groups) {
      try {
        group.memory().close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    groups.clear();
  }
}
