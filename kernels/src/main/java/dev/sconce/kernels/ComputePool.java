package dev.sconce.kernels;

import dev.sconce.base.InvalidInputException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads that compute: a fixed number of workers and the caller.
 *
 * <p>{@link #run} splits the indices {@code 0 … tasks-1} into one contiguous share per slot. Every
 * participant works off its own share first and then helps with the others', so that a worker that
 * the operating system has put aside delays nobody. Idle workers spin for a moment and then park.
 *
 * <p>Any thread may call {@link #run}. While the pool serves one caller, further callers, and calls
 * from inside a task, run their tasks themselves on slot 0: sessions then use one thread each, and
 * nesting cannot deadlock.
 */
public final class ComputePool implements AutoCloseable {

  /** Work on one index. */
  @FunctionalInterface
  public interface Task {

    /**
     * Does the work of one index.
     *
     * @param index the index
     * @param slot the participant, {@code 0 … size-1}; never used by two threads at once within one
     *     {@link #run}
     */
    void run(int index, int slot);
  }

  // Regions of a decoding step follow each other within tens of microseconds.
  private static final long SPIN_NANOS = 60_000;

  private final Thread[] workers;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile @Nullable Region region;
  private volatile boolean closed;

  /**
   * Creates a pool.
   *
   * @param threads how many threads compute, the caller's included
   */
  public ComputePool(int threads) {
    if (threads < 1) {
      throw new InvalidInputException("ComputePool", "threads", "at least 1", "" + threads);
    }
    workers = new Thread[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      int slot = i + 1;
      workers[i] = Thread.ofPlatform().daemon().name("sconce-" + slot).unstarted(() -> work(slot));
    }
    for (Thread worker : workers) {
      worker.start();
    }
  }

  /** Returns the number of slots: the workers and the caller. */
  public int size() {
    return workers.length + 1;
  }

  /**
   * Runs a task for every index and returns when all have ended.
   *
   * <p>If a task throws, indices that have not begun are left out, and the first exception is
   * thrown here.
   *
   * @param tasks how many indices
   * @param task the work
   */
  public void run(int tasks, Task task) {
    if (closed) {
      throw new InvalidInputException("ComputePool", "run", "an open pool", "a closed one");
    }
    if (tasks <= 1 || workers.length == 0 || !busy.compareAndSet(false, true)) {
      for (int i = 0; i < tasks; i++) {
        task.run(i, 0);
      }
      return;
    }
    Region mine = new Region(tasks, size(), task, Thread.currentThread());
    try {
      region = mine;
      for (int i = 0; i < Math.min(workers.length, tasks - 1); i++) {
        LockSupport.unpark(workers[i]);
      }
      mine.participate(0);
      mine.awaitEnd();
    } finally {
      region = null;
      busy.set(false);
    }
    mine.rethrow();
  }

  /** Stops the workers after their current task; idempotent. */
  @Override
  public void close() {
    closed = true;
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  private void work(int slot) {
    Region last = null;
    while (!closed) {
      Region next = awaitRegion(last);
      if (next != null) {
        next.participate(slot);
        last = next;
      }
    }
  }

  private @Nullable Region awaitRegion(@Nullable Region last) {
    long spinUntil = System.nanoTime() + SPIN_NANOS;
    while (!closed) {
      Region now = region;
      if (now != null && now != last) {
        return now;
      }
      if (System.nanoTime() - spinUntil < 0) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
    return null;
  }

  /** One call of {@link #run}. */
  private static final class Region {

    // Counters of different slots lie on different cache lines.
    private static final int STRIDE = 32;

    private final int tasks;
    private final int slots;
    private final Task task;
    private final Thread caller;
    private final AtomicIntegerArray next;
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean callerParks;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Region(int tasks, int slots, Task task, Thread caller) {
      this.tasks = tasks;
      this.slots = slots;
      this.task = task;
      this.caller = caller;
      this.next = new AtomicIntegerArray(slots * STRIDE);
      for (int slot = 0; slot < slots; slot++) {
        next.setPlain(slot * STRIDE, begin(slot));
      }
    }

    private int begin(int slot) {
      return (int) ((long) tasks * slot / slots);
    }

    void participate(int slot) {
      int done = 0;
      for (int i = 0; i < slots; i++) {
        int share = slot + i < slots ? slot + i : slot + i - slots;
        int end = begin(share + 1);
        while (next.getPlain(share * STRIDE) < end) {
          int index = next.getAndIncrement(share * STRIDE);
          if (index >= end) {
            break;
          }
          runOne(index, slot);
          done++;
        }
      }
      if (done > 0 && ended.addAndGet(done) == tasks && callerParks) {
        LockSupport.unpark(caller);
      }
    }

    private void runOne(int index, int slot) {
      if (failure.get() == null) {
        try {
          task.run(index, slot);
        } catch (Throwable e) {
          failure.compareAndSet(null, e);
        }
      }
    }

    void awaitEnd() {
      long spinUntil = System.nanoTime() + SPIN_NANOS;
      while (ended.get() != tasks) {
        if (System.nanoTime() - spinUntil < 0) {
          Thread.onSpinWait();
        } else {
          callerParks = true;
          if (ended.get() != tasks) {
            LockSupport.park(this);
          }
        }
      }
    }

    void rethrow() {
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }
}
