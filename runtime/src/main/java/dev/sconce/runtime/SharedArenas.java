package dev.sconce.runtime;

import dev.sconce.base.InvalidInputException;
import dev.sconce.runtime.internal.plan.PlannedArenas;

/**
 * Planned memory that several methods of one program share. Close it after the methods; of the
 * methods that share it, only one at a time may execute.
 */
public final class SharedArenas implements AutoCloseable {

  private final Program program;
  private final PlannedArenas arenas;

  SharedArenas(Program program, PlannedArenas arenas) {
    this.program = program;
    this.arenas = arenas;
  }

  PlannedArenas of(Program user) {
    if (user != program || !arenas.isOpen()) {
      throw new InvalidInputException(
          user.name(),
          "arenas",
          "open arenas of this program",
          arenas.isOpen() ? "arenas of " + program.name() : "closed ones");
    }
    return arenas;
  }

  /** Gives the memory back. Idempotent. */
  @Override
  public void close() {
    arenas.close();
  }
}
