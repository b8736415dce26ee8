package dev.sconce.kernels;

import static dev.sconce.kernels.TestMemory.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.base.InvalidInputException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Attention against its definition in double. */
class AttentionTest {

  @Test
  void agreesForCausalDecodeAndPrefill() {
    List<Kernels> implementations = TestMemory.implementations().toList();
    for (int queries : new int[] {1, 3, 7, 8, 9, 70}) {
      for (int start : new int[] {0, 5, 40}) {
        int keys = start + queries;
        AttentionShape shape = new AttentionShape(2, queries, 6, 3, 20, keys, keys + 3);
        check(implementations, shape, AttentionScores.causal(0.3f, start));
      }
    }
    implementations.forEach(Kernels::close);
  }

  @Test
  void agreesForHeadSizes() {
    List<Kernels> implementations = TestMemory.implementations().toList();
    for (int size : new int[] {1, 15, 16, 33, 64, 80, 128}) {
      check(
          implementations, new AttentionShape(1, 1, 2, 1, size, 37, 64), AttentionScores.scaled(1));
      check(
          implementations,
          new AttentionShape(1, 11, 2, 2, size, 37, 37),
          AttentionScores.scaled(1));
    }
    implementations.forEach(Kernels::close);
  }

  @Test
  void addsMask() {
    List<Kernels> implementations = TestMemory.implementations().toList();
    TestMemory memory = new TestMemory(5);
    for (int queries : new int[] {2, 12}) {
      MemorySegment mask = memory.floats(12L * 50, -3, 1);
      for (int i = 0; i < 50; i += 3) {
        // Every row keeps some key.
        for (int row = 0; row < 12; row++) {
          mask.set(
              java.lang.foreign.ValueLayout.JAVA_FLOAT,
              4L * (row * 50 + i),
              Float.NEGATIVE_INFINITY);
        }
      }
      AttentionShape shape = new AttentionShape(2, queries, 4, 1, 24, 45, 48);
      check(implementations, shape, AttentionScores.masked(0.2f, mask, 50));
    }
    implementations.forEach(Kernels::close);
  }

  @Test
  void isNanWhereNothingIsVisible() {
    for (Kernels kernels : TestMemory.implementations().toList()) {
      TestMemory memory = new TestMemory(0);
      for (int queries : new int[] {1, 9}) {
        MemorySegment mask = memory.floats(9L * 4, 0, 0);
        for (long i = 0; i < mask.byteSize(); i += 4) {
          mask.set(java.lang.foreign.ValueLayout.JAVA_FLOAT, i, Float.NEGATIVE_INFINITY);
        }
        MemorySegment x = memory.floats(9L * 5, -1, 1);
        MemorySegment y = memory.empty(9L * 5);
        kernels
            .attention()
            .attend(
                new AttentionShape(1, queries, 1, 1, 5, 4, 4),
                AttentionScores.masked(1, mask, 4),
                x,
                x,
                x,
                y);
        assertThat(at(y, 0)).isNaN();
      }
      kernels.close();
    }
  }

  @Test
  void rejectsCacheThatIsTooSmall() {
    try (Kernels kernels = Kernels.create(new KernelSupport(0, 1, "reference", ""))) {
      MemorySegment x = new TestMemory(0).floats(40, -1, 1);
      AttentionShape shape = new AttentionShape(1, 1, 2, 2, 10, 3, 3);
      assertThatThrownBy(
              () -> kernels.attention().attend(shape, AttentionScores.scaled(1), x, x, x, x))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("240 bytes");
    }
  }

  private static void check(
      List<Kernels> implementations, AttentionShape shape, AttentionScores scores) {
    TestMemory memory = new TestMemory(shape.hashCode());
    long queryCount = (long) shape.batch() * shape.queries() * shape.heads() * shape.size();
    long cacheCount = (long) shape.batch() * shape.capacity() * shape.keyHeads() * shape.size();
    MemorySegment q = memory.floats(queryCount, -2, 2);
    MemorySegment k = memory.floats(cacheCount, -2, 2);
    MemorySegment v = memory.floats(cacheCount, -2, 2);
    for (Kernels kernels : implementations) {
      MemorySegment y = memory.empty(queryCount);
      kernels.attention().attend(shape, scores, q, k, v, y);
      for (long i = 0; i < queryCount; i++) {
        double expected = expected(shape, scores, q, k, v, i);
        assertThat((double) at(y, i))
            .as("element %d of %s, %s", i, shape, kernels.support().describe())
            .isCloseTo(expected, within(2e-5));
      }
    }
  }

  private static double expected(
      AttentionShape shape,
      AttentionScores scores,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      long index) {
    int size = shape.size();
    long d = index % size;
    long head = index / size % shape.heads();
    int query = (int) (index / size / shape.heads() % shape.queries());
    long batch = index / size / shape.heads() / shape.queries();
    long keyHead = head / (shape.heads() / shape.keyHeads());
    double weights = 0;
    double sum = 0;
    MemorySegment mask = scores.mask();
    for (int j = 0; j < shape.keys(); j++) {
      if (scores.causal() && j > scores.startPosition() + query) {
        continue;
      }
      long key = ((batch * shape.capacity() + j) * shape.keyHeads() + keyHead) * size;
      double score = 0;
      for (int i = 0; i < size; i++) {
        score += (double) at(q, index - d + i) * at(k, key + i);
      }
      score *= scores.scale();
      if (mask != null) {
        score += at(mask, (long) query * scores.maskStride() + j);
      }
      weights += Math.exp(score);
      sum += Math.exp(score) * at(v, key + d);
    }
    return sum / weights;
  }
}
