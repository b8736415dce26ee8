package dev.sconce.generate.runner.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.StepFunction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a search, each in a state of its own.
 *
 * <p>Rows that come from one state and bring the same tokens stay one state and are computed once:
 * the beams of a prompt before they part, several sequences of one prompt, equal prompts. Where
 * rows part, all but one get a copy; where they end, their states are kept for those to come.
 *
 * <pre>
 *   rows        0   1   2   3          a state is copied when its rows
 *   states      A   A   A   B          bring different tokens:
 *   new tokens  x   x   y   x    →     A·x  A·x  A'·y  B·x
 * </pre>
 *
 * <p>Padding never reaches the model: what a mask hides is left out, so that a padded row computes
 * what the row computes alone.
 */
public final class RowStates implements StepFunction, AutoCloseable {

  private final Supplier<RowState> create;
  private final int[][] masks;
  private final Deque<RowState> free = new ArrayDeque<>();
  private @Nullable RowState start;
  private RowState[] states = {};

  /**
   * Creates the rows.
   *
   * @param create makes empty states
   * @param masks 1 for each token of the prompts that counts and 0 for padding, a row for each
   *     prompt; none if all count
   */
  public RowStates(Supplier<RowState> create, int[][] masks) {
    this.create = create;
    this.masks = masks;
  }

  /** Has all rows go on from a state, which belongs to these rows from now on. */
  public RowStates startingFrom(RowState state) {
    start = state;
    return this;
  }

  /** Rows that share a state so far and bring the same tokens. */
  private record Group(int[] tokens, List<Integer> rows) {}

  @Override
  public float[][] step(int[][] ids, int position, int @Nullable [] rows) {
    RowState[] parents = rows == null ? beginning(ids.length) : picked(rows);
    int[][] tokens = rows == null ? withoutPadding(ids) : ids;
    Map<RowState, Map<List<Integer>, Group>> groups = new IdentityHashMap<>();
    List<RowState> order = new ArrayList<>();
    for (int r = 0; r < tokens.length; r++) {
      int row = r;
      Map<List<Integer>, Group> ofParent =
          groups.computeIfAbsent(
              parents[r],
              parent -> {
                order.add(parent);
                return new LinkedHashMap<>();
              });
      List<Integer> key = Arrays.stream(tokens[r]).boxed().toList();
      ofParent.computeIfAbsent(key, _ -> new Group(tokens[row], new ArrayList<>())).rows().add(r);
    }
    release(groups);
    states = new RowState[tokens.length];
    float[][] scores = new float[tokens.length][];
    for (RowState parent : order) {
      advance(parent, List.copyOf(groups.get(parent).values()), scores);
    }
    return scores;
  }

  private RowState[] beginning(int count) {
    RowState first = start == null ? taken() : start;
    start = null;
    RowState[] all = new RowState[count];
    Arrays.fill(all, first);
    return all;
  }

  private RowState[] picked(int[] rows) {
    RowState[] all = new RowState[rows.length];
    for (int r = 0; r < rows.length; r++) {
      all[r] = states[rows[r]];
    }
    return all;
  }

  private int[][] withoutPadding(int[][] ids) {
    if (masks.length == 0) {
      return ids;
    }
    int copies = ids.length / masks.length;
    int[][] real = new int[ids.length][];
    for (int r = 0; r < ids.length; r++) {
      int[] mask = masks[r / copies];
      int[] kept = new int[ids[r].length];
      int count = 0;
      for (int i = 0; i < kept.length; i++) {
        if (mask[i] != 0) {
          kept[count++] = ids[r][i];
        }
      }
      if (count == 0) {
        throw new InvalidInputException(
            "generate", "mask, row " + r / copies, "at least one token that counts", "none");
      }
      real[r] = Arrays.copyOf(kept, count);
    }
    return real;
  }

  /** Keeps the states that no row goes on with. */
  private void release(Map<RowState, ?> used) {
    Map<RowState, Boolean> seen = new IdentityHashMap<>();
    for (RowState state : states) {
      if (!used.containsKey(state) && seen.put(state, true) == null) {
        free.add(state);
      }
    }
  }

  /** Returns an empty state, or one that is about to become a copy. */
  private RowState taken() {
    RowState state = free.poll();
    if (state == null) {
      return create.get();
    }
    return state;
  }

  private void advance(RowState parent, List<Group> groups, float[][] scores) {
    RowState[] targets = new RowState[groups.size()];
    for (int g = 1; g < targets.length; g++) {
      targets[g] = taken();
      targets[g].copyFrom(parent);
    }
    targets[0] = parent;
    for (int g = 0; g < targets.length; g++) {
      Group group = groups.get(g);
      float[] logits = targets[g].feed(group.tokens());
      for (int i = 0; i < group.rows().size(); i++) {
        int row = group.rows().get(i);
        states[row] = targets[g];
        // The search changes the scores of each row.
        scores[row] = i == 0 ? logits : logits.clone();
      }
    }
  }

  /** Returns the state of a row after the last step. */
  public RowState state(int row) {
    return states[row];
  }

  @Override
  public void close() {
    Map<RowState, Boolean> all = new IdentityHashMap<>();
    for (RowState state : states) {
      all.put(state, true);
    }
    free.forEach(state -> all.put(state, true));
    if (start != null) {
      all.put(start, true);
    }
    states = new RowState[0];
    free.clear();
    start = null;
    all.keySet().forEach(RowState::close);
  }
}
