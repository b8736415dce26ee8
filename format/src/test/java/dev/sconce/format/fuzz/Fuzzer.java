package dev.sconce.format.fuzz;

import com.sun.management.ThreadMXBean;
import dev.sconce.base.SconceException;
import dev.sconce.base.memory.MemoryReader;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;

/**
 * Reads spoilt files: each must be read or refused with a {@link SconceException}, within bounds of
 * time and memory.
 */
public final class Fuzzer {

  private static final long MAX_NANOS = 2_000_000_000L;
  private static final long MAX_BYTES = 256L << 20;

  private Fuzzer() {}

  /** What became of the files. */
  public record Outcome(int read, int refused, long slowestNanos, long mostBytes) {}

  /**
   * Reads spoilt copies of a subject's seeds.
   *
   * @param count how many
   * @param seed the first one's; the others follow
   * @throws AssertionError at the first failure, with the seed that shows it again
   */
  public static Outcome run(FuzzSubject subject, int count, long seed) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int refused = 0;
    long slowest = 0;
    long most = 0;
    for (int i = 0; i < count; i++) {
      byte[] file = subject.seeds().get(i % subject.seeds().size());
      byte[] bytes = new Mutator(seed + i).mutate(file);
      String name =
          "%s[%d] seed %d".formatted(subject.name(), i % subject.seeds().size(), seed + i);
      MemoryReader reader = MemoryReader.of(name, MemorySegment.ofArray(bytes));
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      try {
        subject.read().accept(reader);
      } catch (SconceException e) {
        refused++;
        if (e.getMessage() == null || e.getMessage().isBlank()) {
          throw new AssertionError(name + ": refused without a reason", e);
        }
      } catch (RuntimeException | Error e) {
        throw new AssertionError(name + ": " + e, e);
      }
      long nanos = System.nanoTime() - start;
      allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
      slowest = Math.max(slowest, nanos);
      most = Math.max(most, allocated);
      if (nanos > MAX_NANOS || allocated > MAX_BYTES) {
        throw new AssertionError(
            "%s: took %d ms and %d bytes".formatted(name, nanos / 1_000_000, allocated));
      }
    }
    return new Outcome(count - refused, refused, slowest, most);
  }
}
