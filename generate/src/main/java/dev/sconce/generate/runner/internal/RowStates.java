package dev.sconce.generate.runner.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.StepFunction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  // Every state these rows hold, in use or free, so that none is lost when an execution fails.
  private final Set<RowState> owned = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<RowState> free = new ArrayDeque<>();
  private @Nullable RowState start;
  private float @Nullable [] startScores;
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

  /**
   * Has all rows go on from a state, which belongs to these rows from now on. What the rows have in
   * common with its tokens is not computed again; the rest of its tokens is forgotten.
   *
   * @param scores the scores of the token after those of the state, or null if they are not known
   */
  public RowStates startingFrom(RowState state, float @Nullable [] scores) {
    start = state;
    startScores = scores;
    owned.add(state);
    return this;
  }

  /** Rows that share a state so far and bring the same tokens. */
  private static final class Group {
    private final int[] tokens;
    private final List<Integer> rows = new ArrayList<>();

    Group(int[] tokens) {
      this.tokens = tokens;
    }
  }

  /** The groups that part from one state, by their tokens. */
  private record Parting(RowState parent, Map<List<Integer>, Group> groups) {}

  @Override
  public float[][] step(int[][] ids, int position, int @Nullable [] rows) {
    int[][] tokens = rows == null ? withoutPadding(ids) : ids;
    RowState[] parents = rows == null ? beginning(tokens) : picked(rows);
    IdentityHashMap<RowState, Parting> partings = new IdentityHashMap<>();
    List<Parting> order = new ArrayList<>();
    for (int r = 0; r < tokens.length; r++) {
      int[] own = tokens[r];
      Parting parting =
          partings.computeIfAbsent(
              parents[r],
              parent -> {
                Parting made = new Parting(parent, new LinkedHashMap<>());
                order.add(made);
                return made;
              });
      List<Integer> key = Arrays.stream(own).boxed().toList();
      parting.groups().computeIfAbsent(key, _ -> new Group(own)).rows.add(r);
    }
    release(partings);
    states = new RowState[tokens.length];
    float[][] scores = new float[tokens.length][];
    for (Parting parting : order) {
      advance(parting.parent(), List.copyOf(parting.groups().values()), scores);
    }
    return scores;
  }

  /** Finds what all rows have in common with the state they start from, and cuts it off them. */
  private RowState[] beginning(int[][] tokens) {
    RowState first = start == null ? taken() : start;
    start = null;
    int[] passed = first.tokens();
    int common = passed.length;
    for (int[] row : tokens) {
      common = Math.min(common, commonPrefix(passed, row));
    }
    boolean scored = startScores != null && common == passed.length;
    for (int[] row : tokens) {
      // The scores of its last token are needed of every row.
      common = scored ? common : Math.min(common, row.length - 1);
    }
    int kept = first.rewind(common);
    startScores = scored && kept == passed.length ? startScores : null;
    for (int r = 0; r < tokens.length; r++) {
      tokens[r] = Arrays.copyOfRange(tokens[r], kept, tokens[r].length);
    }
    RowState[] all = new RowState[tokens.length];
    Arrays.fill(all, first);
    return all;
  }

  private static int commonPrefix(int[] a, int[] b) {
    int differing = Arrays.mismatch(a, b);
    return differing < 0 ? a.length : differing;
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
      return ids.clone();
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
  private void release(IdentityHashMap<RowState, ?> used) {
    Set<RowState> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (RowState state : states) {
      if (!used.containsKey(state) && seen.add(state)) {
        free.add(state);
      }
    }
  }

  /** Returns an empty state, or one that is about to become a copy. */
  private RowState taken() {
    RowState state = free.poll();
    if (state == null) {
      state = create.get();
      owned.add(state);
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
      float[] logits = scores(targets[g], group.tokens);
      for (int i = 0; i < group.rows.size(); i++) {
        int row = group.rows.get(i);
        states[row] = targets[g];
        // The search changes the scores of each row.
        scores[row] = i == 0 ? logits : logits.clone();
      }
    }
  }

  private float[] scores(RowState state, int[] tokens) {
    float[] known = startScores;
    if (tokens.length == 0 && known != null) {
      startScores = null;
      return known;
    }
    return state.feed(tokens);
  }

  /**
   * Gives away the state that has most tokens in common with some, and closes the others.
   *
   * @return the state, the caller's; null if there is none
   */
  public @Nullable RowState detach(int[] tokens) {
    RowState best = null;
    int most = -1;
    for (RowState state : owned) {
      int common = commonPrefix(state.tokens(), tokens);
      if (common > most) {
        best = state;
        most = common;
      }
    }
    if (best != null) {
      owned.remove(best);
    }
    owned.forEach(RowState::close);
    owned.clear();
    states = new RowState[0];
    free.clear();
    start = null;
    return best;
  }

  @Override
  public void close() {
    RowState last = detach(new int[0]);
    if (last != null) {
      last.close();
    }
  }
}
