package dev.sconce.format.pte;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sconce.base.DType;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening is a map, not a read: its cost is the program table's, whatever the weights are. */
class PteOpeningTest {

  private static final int INSTRUCTIONS = 1000;
  private static final long WEIGHTS = 1L << 30;

  @TempDir private Path folder;

  /** A chain of additions, and a gigabyte of weights that is a hole in the file. */
  private Path program() throws IOException {
    PteBuilder program = new PteBuilder();
    program.namedData("weights", WEIGHTS);
    PlanBuilder forward = program.plan("forward");
    int alpha = forward.literal(new IntValue(1));
    int x = forward.value(TensorValue.of(DType.FLOAT32, 4).at(1, 0));
    forward.input(x);
    OperatorRef add = new OperatorRef("aten::add", "out");
    for (int i = 1; i <= INSTRUCTIONS; i++) {
      int sum = forward.value(TensorValue.of(DType.FLOAT32, 4).at(1, 16L * i));
      forward.call(add, x, x, alpha, sum, sum);
      x = sum;
    }
    forward.output(x);
    Path path = folder.resolve("large.pte");
    // The weights stay zero: what matters here is that nobody reads them.
    try (PteFileWriter writer =
        PteFileWriter.create(folder.resolve("never.pte"), program.build())) {
      writer.writeTable();
      Files.move(writer.temporaryPath(), path);
    }
    return path;
  }

  @Test
  void costsTheTableAndNotTheWeights() throws IOException {
    Path path = program();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < 30; i++) {
      long bytes = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      try (PteFile file = PteFile.open(path)) {
        fastest = Math.min(fastest, System.nanoTime() - start);
        long allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
        assertThat(file.namedData("weights").orElseThrow().size()).isEqualTo(WEIGHTS);
        assertThat(allocated).isLessThan(40 * file.header().programSize());
      }
    }
    assertThat(fastest).as("nanoseconds to open").isLessThan(50_000_000L);
  }
}
