package dev.sconce.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.format.pte.PteValue.ShapeDynamism;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What loading and executing costs in resident memory, as the operating system counts it. */
@EnabledOnOs(OS.LINUX)
class MemoryTest {

  private static final int MEGABYTE = 1 << 20;

  @TempDir private Path folder;

  @Test
  void plannedMemoryThatNobodyTouchesIsNotResident() throws IOException {
    Path file = dynamicProgram(256 * MEGABYTE / 4);
    try (PteModule module = PteModule.load(file)) {
      module.forward(EValue.from(Tensor.of(new float[] {1, 2})));
      long before = residentBytes();
      try (Method second = module.program().loadMethod("forward")) {
        second.execute(EValue.from(Tensor.of(new float[] {1, 2})));
        assertThat(residentBytes() - before).isLessThan(32L * MEGABYTE);
      }
    }
  }

  @Test
  void loadingExecutingAndClosingAgainAndAgainStaysFlat() throws IOException {
    int elements = 4 * MEGABYTE / 4;
    Path file = dynamicProgram(elements);
    Tensor input = Tensor.of(new float[elements]);
    long start = 0;
    for (int i = 0; i < 220; i++) {
      if (i == 20) {
        start = residentBytes();
      }
      try (Program program = Program.load(file);
          Method method = program.loadMethod("forward")) {
        method.execute(EValue.from(input));
      }
    }
    // Each cycle touches 8 MB of planned memory: 1.6 GB if none were given back.
    assertThat(residentBytes() - start).isLessThan(64L * MEGABYTE);
  }

  private Path dynamicProgram(int elements) {
    return new TestProgram()
        .method(
            "forward",
            plan -> {
              int x =
                  plan.value(TestProgram.planned(1, 0, 0, ShapeDynamism.DYNAMIC_BOUND, elements));
              int y =
                  plan.value(
                      TestProgram.planned(
                          1, 4L * elements, 0, ShapeDynamism.DYNAMIC_BOUND, elements));
              plan.input(x);
              plan.output(y);
              TestProgram.add(plan, x, x, y);
            })
        .write(folder);
  }

  private static long residentBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }
}
