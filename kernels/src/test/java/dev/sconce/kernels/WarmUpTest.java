package dev.sconce.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WarmUpTest {

  @Test
  void runsEveryKernelOnValidOperands() {
    KernelSupport support = new KernelSupport(0, 1, "reference", "");
    EnumSet<WeightEncoding> all = EnumSet.allOf(WeightEncoding.class);
    assertThatCode(new WarmUp(support, all, 0)::run).doesNotThrowAnyException();
  }

  @Test
  void endsAtOnceWithoutVectors() throws InterruptedException {
    try (Kernels kernels = Kernels.create(new KernelSupport(0, 1, "reference", ""))) {
      Thread thread = kernels.warmUp(Set.of(WeightEncoding.FLOAT32));
      thread.join();
      assertThat(thread.isDaemon()).isTrue();
    }
  }
}
