package dev.sconce.cli.internal.bench;

import java.util.Arrays;

/** How long something took, several times. */
final class Timings {

  private final long[] sorted;

  private Timings(long[] sorted) {
    this.sorted = sorted;
  }

  static Timings of(long... nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Timings(sorted);
  }

  double bestSeconds() {
    return sorted[0] / 1e9;
  }

  double medianSeconds() {
    return sorted[sorted.length / 2] / 1e9;
  }

  double worstSeconds() {
    return sorted[sorted.length - 1] / 1e9;
  }
}
