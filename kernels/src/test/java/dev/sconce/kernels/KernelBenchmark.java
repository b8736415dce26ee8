package dev.sconce.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Measures matrix products beside the memory bandwidth of the same run; not a test.
 *
 * <p>Arguments: the number of threads, then any of {@code gemv}, {@code gemm}, {@code rows}; and
 * encodings to restrict to.
 */
final class KernelBenchmark {

  private static final long WARM_UP = 700_000_000L;
  private static final long MEASURE = 1_500_000_000L;

  private final Kernels kernels;

  private KernelBenchmark(Kernels kernels) {
    this.kernels = kernels;
  }

  public static void main(String[] arguments) {
    int threads = Integer.parseInt(arguments[0]);
    String what = arguments.length > 1 ? arguments[1] : "gemv,gemm";
    String only = arguments.length > 2 ? arguments[2] : "";
    KernelSupport found = KernelSupport.detect();
    try (Kernels kernels =
        Kernels.create(new KernelSupport(found.vectorBits(), threads, found.reason(), ""))) {
      System.out.println(kernels.support().describe());
      KernelBenchmark benchmark = new KernelBenchmark(kernels);
      benchmark.bandwidth();
      for (WeightEncoding encoding : WeightEncoding.values()) {
        if (encoding.name().contains(only)) {
          if (what.contains("gemv")) {
            benchmark.product(encoding, 1, 4096, 32 * 1024);
            benchmark.product(encoding, 1, 576, 1536);
            benchmark.product(encoding, 1, 512, 512);
            benchmark.product(encoding, 1, 2048, 512);
            benchmark.product(encoding, 1, 512, 32128);
          }
          if (what.contains("gemm")) {
            benchmark.product(encoding, 64, 512, 512);
            benchmark.product(encoding, 64, 2048, 512);
            benchmark.product(encoding, 256, 576, 1536);
            benchmark.product(encoding, 256, 2048, 2048);
          }
        }
      }
    }
  }

  /** Returns the seconds of the fastest round, after warming up. */
  private static double seconds(Runnable work) {
    long begin = System.nanoTime();
    long best = Long.MAX_VALUE;
    // The best of many short rounds is what the machine can do when others leave it alone.
    for (long now = begin; now - begin < WARM_UP + MEASURE; ) {
      work.run();
      long end = System.nanoTime();
      best = end - begin < WARM_UP ? best : Math.min(best, end - now);
      now = end;
    }
    return best / 1e9;
  }

  private void bandwidth() {
    try (Arena arena = Arena.ofShared()) {
      long bytes = 256L << 20;
      MemorySegment memory = arena.allocate(bytes, 64);
      memory.fill((byte) 1);
      int parts = 64;
      MemorySegment sums = arena.allocate(4L * parts);
      int part = (int) (bytes / parts / 4);
      // The sum of a row reads memory as fast as anything here does.
      double seconds = seconds(() -> kernels.rowFunctions().sum(memory, sums, parts, part));
      System.out.printf("memory        %6.1f GB/s%n", bytes / seconds / 1e9);
    }
  }

  private void product(WeightEncoding encoding, int rows, int inputs, int outputs) {
    try (Arena arena = Arena.ofShared()) {
      long count = (long) inputs * outputs;
      MemorySegment values = arena.allocate(count * encoding.bits() / 8, 64);
      // Denormal floats would be measured instead of the product.
      long floor = encoding.quantized() ? 0 : 0x3000_3000_3000_3000L;
      for (long i = 0; i < values.byteSize(); i += 8) {
        values.set(
            ValueLayout.JAVA_LONG, i, (i * 0x9E3779B97F4A7C15L & 0x3F7F3F7F3F7F3F7FL) | floor);
      }
      boolean grouped = encoding == WeightEncoding.INT4_PER_GROUP;
      MemorySegment scales =
          encoding.quantized()
              ? arena.allocate(grouped ? count / 16 : 4L * outputs).fill((byte) 0x3C)
              : null;
      PackedWeights weights =
          kernels
              .matrixProducts()
              .pack(
                  new WeightSource(
                      encoding,
                      outputs,
                      inputs,
                      false,
                      values,
                      scales,
                      grouped ? 32 : inputs,
                      null),
                  arena);
      MemorySegment x = arena.allocate(4L * rows * inputs, 64);
      for (long i = 0; i < x.byteSize(); i += 4) {
        x.set(ValueLayout.JAVA_FLOAT, i, (i % 101) / 50f - 1);
      }
      MemorySegment y = arena.allocate(4L * rows * outputs, 64);
      double seconds =
          seconds(() -> kernels.matrixProducts().multiply(weights, x, rows, y, Clamp.NONE));
      System.out.printf(
          "%-17s M=%-4d K=%-5d N=%-6d %7.1f GMAC/s  %6.1f GB/s%n",
          encoding,
          rows,
          inputs,
          outputs,
          (double) rows * count / seconds / 1e9,
          weights.byteSize() / seconds / 1e9);
    }
  }
}
