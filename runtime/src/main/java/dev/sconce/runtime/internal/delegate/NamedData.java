package dev.sconce.runtime.internal.delegate;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Read-only data by name: the program's own and that of its {@code .ptd} files. */
@FunctionalInterface
public interface NamedData {

  /** Returns the bytes of a key: a view of the mapped file, valid until the program is closed. */
  Optional<MemorySegment> find(String key);
}
