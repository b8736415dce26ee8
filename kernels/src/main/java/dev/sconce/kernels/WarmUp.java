package dev.sconce.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Runs kernels on a little dummy data until the JVM has compiled them.
 *
 * <p>A vector operation that is not compiled yet costs microseconds, so a first product of real
 * size can take seconds. The loops of a small product are the same methods, and a call of it is
 * short enough for the next call to use what has been compiled meanwhile.
 */
final class WarmUp implements Runnable {

  // Fifty times what a compiled round takes, and a fiftieth of an interpreted one.
  private static final long COMPILED_NANOS = 50_000;
  private static final int ROUNDS = 2000;
  // Compiled code may be put aside by the operating system now and then.
  private static final int SLOW_ROUNDS = 20;
  private static final int INPUTS = 64;
  private static final int OUTPUTS = 32;
  private static final int FEWEST_ROWS = 4;
  private static final int ROWS = 12;

  private final KernelSupport support;
  private final Set<WeightEncoding> encodings;
  private final long limitNanos;

  WarmUp(KernelSupport support, Set<WeightEncoding> encodings, long limitNanos) {
    this.support = support;
    this.encodings = encodings;
    this.limitNanos = limitNanos;
  }

  @Override
  public void run() {
    // A pool of one: the threads that compute are left to those who wait for results.
    KernelSupport alone =
        new KernelSupport(support.vectorBits(), 1, support.reason(), support.remedy());
    try (Kernels kernels = Kernels.create(alone)) {
      // As real operands: memory that all threads may use is another type to the compiler.
      Arena arena = Arena.ofAuto();
      long end = System.nanoTime() + limitNanos;
      // What takes most of a model's time first: the compiler is the bottleneck.
      compile(products(kernels, arena), end);
      compile(others(kernels, arena), end);
    }
  }

  private static void compile(List<Runnable> jobs, long end) {
    do {
      jobs.removeIf(WarmUp::isCompiled);
    } while (!jobs.isEmpty() && System.nanoTime() - end < 0);
  }

  private static boolean isCompiled(Runnable job) {
    int slow = 0;
    for (int i = 0; i < ROUNDS && slow < SLOW_ROUNDS; i++) {
      long begin = System.nanoTime();
      job.run();
      if (System.nanoTime() - begin > COMPILED_NANOS) {
        slow++;
      }
    }
    return slow < SLOW_ROUNDS;
  }

  private List<Runnable> products(Kernels kernels, Arena arena) {
    List<Runnable> jobs = new ArrayList<>();
    MemorySegment x = arena.allocate(4L * ROWS * INPUTS, 64);
    MemorySegment y = arena.allocate(4L * ROWS * OUTPUTS, 64);
    MatrixProducts products = kernels.matrixProducts();
    for (WeightEncoding encoding : encodings) {
      PackedWeights weights = products.pack(zeros(encoding, arena), arena);
      jobs.add(() -> products.multiply(weights, x, 1, y, Clamp.NONE));
      // Float rows have tiles of eight and of four, int4 rows of four only.
      int rows = encoding.bits() == 4 ? FEWEST_ROWS : ROWS;
      jobs.add(() -> products.multiply(weights, x, rows, y, Clamp.NONE));
    }
    return jobs;
  }

  private static List<Runnable> others(Kernels kernels, Arena arena) {
    List<Runnable> jobs = new ArrayList<>();
    MemorySegment x = arena.allocate(4L * ROWS * INPUTS, 64);
    MemorySegment y = arena.allocate(4L * ROWS * INPUTS, 64);
    for (int queries : new int[] {1, ROWS}) {
      AttentionShape shape = new AttentionShape(1, queries, 1, 1, INPUTS, ROWS, ROWS);
      AttentionScores scores = AttentionScores.causal(1, ROWS - queries);
      jobs.add(() -> kernels.attention().attend(shape, scores, x, x, x, y));
    }
    jobs.add(() -> kernels.rowFunctions().softmax(x, y, 1, INPUTS));
    jobs.add(() -> kernels.rowFunctions().rmsNorm(x, y, 1, INPUTS, null, 0, 1e-5));
    jobs.add(() -> kernels.elementwise().unary(UnaryFunction.SIGMOID, x, y, INPUTS));
    jobs.add(() -> kernels.elementwise().binary(BinaryFunction.ADD, x, x, y, INPUTS));
    jobs.add(() -> kernels.elementwise().binary(BinaryFunction.MULTIPLY, x, x, y, INPUTS));
    return jobs;
  }

  private static WeightSource zeros(WeightEncoding encoding, Arena arena) {
    MemorySegment values = arena.allocate((long) INPUTS * OUTPUTS * encoding.bits() / 8);
    int groupSize = encoding == WeightEncoding.INT4_PER_GROUP ? 32 : INPUTS;
    MemorySegment scales =
        encoding.quantized() ? arena.allocate(4L * OUTPUTS * INPUTS / groupSize) : null;
    return new WeightSource(encoding, OUTPUTS, INPUTS, false, values, scales, groupSize, null);
  }
}
