package dev.sconce.kernels;

import dev.sconce.base.InvalidInputException;
import dev.sconce.kernels.internal.vector.VectorUnit;

/**
 * What this JVM offers to the kernels: vector width, threads, and why.
 *
 * <p>This is the only place that decides. The ladder, first refusal wins:
 *
 * <ol>
 *   <li>{@code -Dsconce.vector=off} asks for scalar kernels;
 *   <li>the module {@code jdk.incubator.vector} is not there;
 *   <li>the JVM runs without its optimising compiler, where the Vector API is slower than scalar
 *       code;
 *   <li>the processor's vectors are narrower than 128 bits.
 * </ol>
 *
 * <p>{@code -Dsconce.vector=128|256|512} overrides the width, {@code -Dsconce.threads=N} the number
 * of threads.
 *
 * @param vectorBits the vector width in bits, or 0 for scalar kernels
 * @param threads how many threads compute, the caller's included
 * @param reason why this width, in a few words
 * @param remedy what to do to get vector kernels, or an empty string if nothing is amiss
 */
public record KernelSupport(int vectorBits, int threads, String reason, String remedy) {

  /** The system property that switches vector kernels off or sets their width. */
  public static final String VECTOR_PROPERTY = "sconce.vector";

  /** The system property that sets the number of threads. */
  public static final String THREADS_PROPERTY = "sconce.threads";

  private static final String MODULE = "jdk.incubator.vector";
  private static final int MAX_THREADS = 1024;

  /** Looks at this JVM and its system properties. */
  public static KernelSupport detect() {
    int threads = grantedThreads();
    String wanted = System.getProperty(VECTOR_PROPERTY, "auto");
    int forcedBits =
        switch (wanted) {
          case "auto", "off" -> 0;
          case "128", "256", "512" -> Integer.parseInt(wanted);
          default ->
              throw new InvalidInputException(
                  "system property", VECTOR_PROPERTY, "auto, off, 128, 256 or 512", wanted);
        };
    if (wanted.equals("off")) {
      return scalar(threads, "asked for by -D" + VECTOR_PROPERTY + "=off", "");
    }
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return scalar(
          threads,
          "module " + MODULE + " is absent",
          "start java with --add-modules " + MODULE + " for fast kernels");
    }
    String compiler = System.getProperty("java.vm.info", "");
    if (compiler.contains("interpreted") || compiler.contains("emulated-client")) {
      return scalar(
          threads,
          "the JVM runs without its optimising compiler (" + compiler + ")",
          "start java without -Xint and -XX:TieredStopAtLevel=1 for fast kernels");
    }
    if (forcedBits != 0) {
      return new KernelSupport(
          forcedBits, threads, "asked for by -D" + VECTOR_PROPERTY + "=" + wanted, "");
    }
    int bits = Math.min(VectorUnit.preferredBits(), 512);
    if (bits < 128) {
      return scalar(threads, "the processor's vectors have " + bits + " bits", "");
    }
    return new KernelSupport(bits, threads, "the processor's width", "");
  }

  /** Returns whether the vector kernels are used. */
  public boolean vector() {
    return vectorBits != 0;
  }

  /**
   * Returns this support with another number of threads.
   *
   * @param count how many threads compute, the caller's included
   * @throws InvalidInputException if it is not from 1 to 1024
   */
  public KernelSupport withThreads(int count) {
    if (count < 1 || count > MAX_THREADS) {
      throw new InvalidInputException(
          "KernelSupport", "threads", "a number from 1 to " + MAX_THREADS, "" + count);
    }
    return new KernelSupport(vectorBits, count, reason, remedy);
  }

  /** Returns one line for people. */
  public String describe() {
    String kernels = vector() ? "vector kernels, %d bits".formatted(vectorBits) : "scalar kernels";
    String line =
        "%s (%s), %d thread%s".formatted(kernels, reason, threads, threads == 1 ? "" : "s");
    return remedy.isEmpty() ? line : line + "; " + remedy;
  }

  private static KernelSupport scalar(int threads, String reason, String remedy) {
    return new KernelSupport(0, threads, reason, remedy);
  }

  private static int grantedThreads() {
    String wanted = System.getProperty(THREADS_PROPERTY);
    if (wanted == null) {
      // Honours the CPU quota and the cpuset of a container.
      return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_THREADS);
    }
    try {
      int threads = Integer.parseInt(wanted);
      if (threads >= 1 && threads <= MAX_THREADS) {
        return threads;
      }
    } catch (NumberFormatException e) {
      // Reported below, as any other wrong value.
    }
    throw new InvalidInputException(
        "system property", THREADS_PROPERTY, "a number from 1 to " + MAX_THREADS, wanted);
  }
}
