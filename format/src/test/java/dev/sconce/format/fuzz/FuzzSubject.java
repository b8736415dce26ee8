package dev.sconce.format.fuzz;

import dev.sconce.base.memory.MemoryReader;
import java.util.List;
import java.util.function.Consumer;

/**
 * A format whose reader must stand any bytes.
 *
 * @param name the format
 * @param seeds well-formed files
 * @param read reads a file and touches everything in it
 */
public record FuzzSubject(String name, List<byte[]> seeds, Consumer<MemoryReader> read) {

  /** Copies the list. */
  public FuzzSubject {
    seeds = List.copyOf(seeds);
  }
}
