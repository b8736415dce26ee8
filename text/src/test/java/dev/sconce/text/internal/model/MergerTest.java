package dev.sconce.text.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergerTest {

  /** Merges the pair of lowest rank, leftmost first, until there is none. */
  private static List<Integer> bruteForce(MergeTable table, List<Integer> symbols) {
    List<Integer> word = new ArrayList<>(symbols);
    while (true) {
      int best = -1;
      int rank = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < word.size(); i++) {
        int place = table.find(word.get(i), word.get(i + 1));
        if (place >= 0 && table.rank(place) < rank) {
          rank = table.rank(place);
          best = i;
        }
      }
      if (best < 0) {
        return word;
      }
      int place = table.find(word.get(best), word.get(best + 1));
      word.set(best, table.result(place));
      word.subList(best + 1, best + 2).clear();
    }
  }

  @Test
  void mergesAsBruteForceDoesWhateverTheLength() {
    for (int seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      MergeTable table = new MergeTable(4);
      int symbols = 2 + random.nextInt(4);
      for (int rank = 0; rank < random.nextInt(30); rank++) {
        table.put(random.nextInt(symbols), random.nextInt(symbols), rank, symbols++);
      }
      List<Integer> word = new ArrayList<>();
      Merger merger = new Merger(table);
      for (int n = random.nextInt(150); n > 0; n--) {
        int symbol = random.nextInt(Math.min(symbols, 5));
        word.add(symbol);
        merger.add(symbol, 1);
      }
      merger.mergeAll();
      assertThat(merger.ids())
          .as("seed %d", seed)
          .containsExactly(bruteForce(table, word).stream().mapToInt(Integer::intValue).toArray());
      int[] ends = merger.ends();
      assertThat(ends.length == 0 ? 0 : ends[ends.length - 1]).isEqualTo(word.size());
    }
  }

  @Test
  void fullDropoutMergesNothing() {
    MergeTable table = new MergeTable(1);
    table.put(0, 0, 0, 1);
    Merger merger = new Merger(table);
    for (int i = 0; i < 10; i++) {
      merger.add(0, 1);
    }
    merger.mergeWithDropout(1.0);
    assertThat(merger.ids()).hasSize(10);
  }
}
