package dev.sconce.runtime.internal.plan;

import dev.sconce.base.InvalidInputException;
import dev.sconce.runtime.internal.delegate.SharedMemory;
import dev.sconce.runtime.internal.memory.SlabArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The things that a program's methods share, and the memory they lie in. */
public final class ProgramMemory implements SharedMemory, AutoCloseable {

  private record Key(Class<?> type, Object key) {}

  // A lock for each entry and not computeIfAbsent: makers ask for other entries.
  private static final class Entry {
    final ReentrantLock lock = new ReentrantLock();
    @Nullable Object value;
  }

  private final String owner;
  private final Arena arena;
  private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

  /**
   * Creates an empty one.
   *
   * @param owner the program's name for messages
   * @param file the program's bytes, readable as long as this is open
   */
  public ProgramMemory(String owner, MemorySegment file) {
    this.owner = owner;
    this.arena = new SlabArena(file);
  }

  @Override
  public <T> T get(Class<T> type, Object key, Function<Arena, T> maker) {
    if (!isOpen()) {
      throw new InvalidInputException(owner, "program", "an open program", "a closed one");
    }
    Entry entry = entries.computeIfAbsent(new Key(type, key), _ -> new Entry());
    entry.lock.lock();
    try {
      Object value = entry.value;
      if (value == null) {
        value = maker.apply(arena);
        entry.value = value;
      }
      return type.cast(value);
    } finally {
      entry.lock.unlock();
    }
  }

  /** Returns everything of a type that has been made so far. */
  <T> List<T> all(Class<T> type) {
    List<T> found = new ArrayList<>();
    entries.forEach(
        (key, entry) -> {
          if (key.type() == type) {
            entry.lock.lock();
            try {
              if (entry.value != null) {
                found.add(type.cast(entry.value));
              }
            } finally {
              entry.lock.unlock();
            }
          }
        });
    return found;
  }

  /** Returns whether {@link #close} has not been called. */
  public boolean isOpen() {
    return arena.scope().isAlive();
  }

  /** Gives the memory back. Idempotent. */
  @Override
  public void close() {
    if (isOpen()) {
      entries.clear();
      arena.close();
    }
  }
}
