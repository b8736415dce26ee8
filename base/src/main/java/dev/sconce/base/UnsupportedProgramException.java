package dev.sconce.base;

import java.util.List;

/** A well-formed program that needs something Sconce does not have; names all of it at once. */
public final class UnsupportedProgramException extends SconceException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> missing;

  /**
   * Creates an exception that lists everything a program lacks.
   *
   * @param program the program's name
   * @param missing one entry for each missing operator, node or feature, with where it is used
   */
  public UnsupportedProgramException(String program, List<String> missing) {
    super(
        "%s needs what this runtime does not have:%n  %s"
            .formatted(program, String.join(System.lineSeparator() + "  ", missing)));
    this.missing = List.copyOf(missing);
  }

  /** Returns every missing operator, node or feature, with where it is used. */
  public List<String> missing() {
    return missing == null ? List.of() : missing;
  }
}
