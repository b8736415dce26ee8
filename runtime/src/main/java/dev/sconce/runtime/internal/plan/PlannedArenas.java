package dev.sconce.runtime.internal.plan;

import dev.sconce.format.Longs;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.runtime.internal.memory.MethodMemory;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The arenas of a memory plan: one for each memory id of a method, or of all methods together.
 *
 * <p>Tensors of equal id and offset are the same memory: programs rely on it.
 */
public final class PlannedArenas implements AutoCloseable {

  private final MethodMemory memory;
  // By memory id; id 0 is reserved and empty.
  private final List<MemorySegment> arenas;

  private PlannedArenas(MethodMemory memory, long[] sizes) {
    this.memory = memory;
    this.arenas =
        IntStream.range(0, sizes.length)
            .mapToObj(id -> sizes[id] == 0 ? MemorySegment.NULL : memory.allocate(sizes[id]))
            .toList();
  }

  /** Allocates the arenas of one method. */
  public static PlannedArenas of(String owner, ExecutionPlan plan) {
    return of(owner, List.of(plan));
  }

  /** Allocates arenas that several methods share: each as large as the largest of its id. */
  public static PlannedArenas of(String owner, List<ExecutionPlan> plans) {
    int count = plans.stream().mapToInt(p -> p.plannedBufferSizes().size()).max().orElse(0);
    long[] sizes = new long[count];
    for (ExecutionPlan plan : plans) {
      Longs planned = plan.plannedBufferSizes();
      for (int id = 1; id < planned.size(); id++) {
        sizes[id] = Math.max(sizes[id], planned.at(id));
      }
    }
    MethodMemory memory = new MethodMemory(owner);
    try {
      return new PlannedArenas(memory, sizes);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  /** Returns the number of memory ids, the reserved one included. */
  int count() {
    return arenas.size();
  }

  /** Returns an arena; empty if its size is 0. */
  MemorySegment arena(int memoryId) {
    return arenas.get(memoryId);
  }

  /** Returns whether the memory has not been given back. */
  public boolean isOpen() {
    return memory.isOpen();
  }

  @Override
  public void close() {
    memory.close();
  }
}
