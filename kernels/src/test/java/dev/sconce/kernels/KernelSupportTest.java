package dev.sconce.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelSupportTest {

  @Test
  void describesItselfInOneLine() {
    assertThat(new KernelSupport(512, 2, "the processor's width", "").describe())
        .isEqualTo("vector kernels, 512 bits (the processor's width), 2 threads");
    assertThat(new KernelSupport(0, 1, "module absent", "add it").describe())
        .isEqualTo("scalar kernels (module absent), 1 thread; add it");
  }

  @Test
  void findsVectorModuleInThisJvm() {
    KernelSupport support = KernelSupport.detect();
    assertThat(support.threads()).isPositive();
    assertThat(support.remedy()).isEmpty();
  }
}
