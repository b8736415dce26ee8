package dev.sconce.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ComputePoolTest {

  @Test
  void runsEveryIndexOnce() {
    for (int threads : new int[] {1, 2, 3, 8}) {
      try (ComputePool pool = new ComputePool(threads)) {
        for (int tasks : new int[] {0, 1, 2, 7, 100}) {
          for (int repeat = 0; repeat < 200; repeat++) {
            AtomicIntegerArray counts = new AtomicIntegerArray(tasks);
            pool.run(tasks, (index, slot) -> counts.incrementAndGet(index));
            for (int i = 0; i < tasks; i++) {
              assertThat(counts.get(i)).as("index %d of %d", i, tasks).isEqualTo(1);
            }
          }
        }
      }
    }
  }

  @Test
  void neverUsesSlotTwiceAtOnce() {
    try (ComputePool pool = new ComputePool(4)) {
      AtomicIntegerArray users = new AtomicIntegerArray(pool.size());
      for (int repeat = 0; repeat < 100; repeat++) {
        pool.run(
            50,
            (index, slot) -> {
              assertThat(users.incrementAndGet(slot)).isEqualTo(1);
              users.decrementAndGet(slot);
            });
      }
    }
  }

  @Test
  void engagesAllThreads() {
    try (ComputePool pool = new ComputePool(3)) {
      CyclicBarrier together = new CyclicBarrier(3);
      // Passes only if three threads are inside tasks at the same time.
      pool.run(
          3,
          (index, slot) -> {
            try {
              together.await();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      assertThat(together.isBroken()).isFalse();
    }
  }

  @Test
  void throwsWhatTaskThrewAndStaysUsable() {
    try (ComputePool pool = new ComputePool(3)) {
      for (int repeat = 0; repeat < 100; repeat++) {
        int failing = repeat;
        assertThatThrownBy(
                () ->
                    pool.run(
                        100,
                        (index, slot) -> {
                          if (index == failing) {
                            throw new IllegalStateException("index " + index);
                          }
                        }))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("index " + failing);
      }
      AtomicInteger count = new AtomicInteger();
      pool.run(10, (index, slot) -> count.incrementAndGet());
      assertThat(count).hasValue(10);
    }
  }

  @Test
  void runsNestedCallsInline() {
    try (ComputePool pool = new ComputePool(3)) {
      AtomicInteger count = new AtomicInteger();
      pool.run(
          6,
          (outer, slot) -> {
            Thread here = Thread.currentThread();
            pool.run(
                5,
                (inner, innerSlot) -> {
                  assertThat(Thread.currentThread()).isSameAs(here);
                  count.incrementAndGet();
                });
          });
      assertThat(count).hasValue(30);
    }
  }

  @Test
  void servesSeveralCallers() throws InterruptedException {
    try (ComputePool pool = new ComputePool(2)) {
      AtomicInteger count = new AtomicInteger();
      CountDownLatch start = new CountDownLatch(1);
      Thread[] callers = new Thread[4];
      for (int i = 0; i < callers.length; i++) {
        callers[i] =
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        start.await();
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                      for (int repeat = 0; repeat < 500; repeat++) {
                        pool.run(9, (index, slot) -> count.incrementAndGet());
                      }
                    });
      }
      start.countDown();
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(count).hasValue(4 * 500 * 9);
    }
  }

  @Test
  void refusesToRunAfterClose() {
    ComputePool pool = new ComputePool(2);
    pool.close();
    pool.close();
    assertThatThrownBy(() -> pool.run(2, (index, slot) -> {}))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> new ComputePool(0)).isInstanceOf(InvalidInputException.class);
  }
}
