package dev.sconce.text;

import java.nio.file.Files;
import java.nio.file.Path;

/** Times a tokenizer for interop/bench_tokenizers.py. */
public final class TokenizerBench {

  private TokenizerBench() {}

  /** Times what the arguments name: a folder, a number of rounds, and tokenizer-text pairs. */
  public static void main(String[] a) throws Exception {
    Path work = Path.of(a[0]);
    int rounds = Integer.parseInt(a[1]);
    report(
        "load large",
        rounds + 3,
        () -> Tokenizer.load(work.resolve("large.json")).vocabularySize());
    for (int i = 2; i < a.length; i++) {
      String[] c = a[i].split(" ", -1);
      Tokenizer t = Tokenizer.load(work.resolve(c[0] + ".json"));
      String s = Files.readString(work.resolve(c[1] + ".txt"));
      report(a[i], rounds + 8, () -> t.encode(s, false).size());
    }
  }

  interface Task {
    int run() throws Exception;
  }

  static void report(String name, int rounds, Task task) throws Exception {
    double best = 1e9;
    int sum = 0;
    long t00 = System.nanoTime();
    for (int r = 0; r < rounds && (r < 2 || System.nanoTime() - t00 < 20e9); r++) {
      long t0 = System.nanoTime();
      sum += task.run();
      best = Math.min(best, (System.nanoTime() - t0) / 1e9);
    }
    System.out.println(name + "\t" + best);
    System.err.println(name + " " + best + " " + sum);
  }
}
