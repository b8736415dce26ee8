package dev.sconce.cli.internal.bench;

import dev.sconce.kernels.KernelSupport;
import dev.sconce.kernels.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** How fast this machine reads memory with some threads, measured by summing up 256 MiB. */
final class ReadBandwidth {

  private static final long BYTES = 256L << 20;
  private static final int PARTS = 64;
  private static final long MEASURE_NANOS = 1_500_000_000L;

  private ReadBandwidth() {}

  /** Returns bytes a second: the best of the rounds of one and a half seconds. */
  static double measure(int threads) {
    try (Kernels kernels = Kernels.create(KernelSupport.detect().withThreads(threads));
        Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(BYTES, 64);
      memory.fill((byte) 1); // Pages that were never written all read the same physical zeros.
      MemorySegment sums = arena.allocate(Float.BYTES * (long) PARTS, Float.BYTES);
      long begin = System.nanoTime();
      long best = Long.MAX_VALUE;
      for (long now = begin; now - begin < MEASURE_NANOS; ) {
        kernels.rowFunctions().sum(memory, sums, PARTS, (int) (BYTES / PARTS / Float.BYTES));
        long end = System.nanoTime();
        best = Math.min(best, end - now);
        now = end;
      }
      return BYTES * 1e9 / best;
    }
  }
}
