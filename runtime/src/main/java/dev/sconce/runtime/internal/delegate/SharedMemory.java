package dev.sconce.runtime.internal.delegate;

import java.lang.foreign.Arena;
import java.util.function.Function;

/**
 * Things made once per program and shared by all its methods, such as packed weights. They live
 * until the program is closed.
 */
public interface SharedMemory {

  /**
   * Returns the thing with the given key, making it first if it is not there. Threads that ask for
   * the same key wait for the first one; other keys are not held up.
   *
   * @param <T> the thing's type
   * @param type the thing's class
   * @param key what identifies it among things of the class: a record or a string with everything
   *     that its contents depend on
   * @param maker makes it; may allocate from the arena, which any thread may read and which is
   *     closed with the program
   */
  <T> T get(Class<T> type, Object key, Function<Arena, T> maker);
}
