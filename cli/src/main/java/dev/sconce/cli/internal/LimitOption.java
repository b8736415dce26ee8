package dev.sconce.cli.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.cli.internal.report.Limit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --limit} of commands that show tables; mixed in with {@code @Mixin}. */
public final class LimitOption {

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      description = "Show at most N rows of a table; 0 for all. With --json all is the default.")
  private @Nullable Integer rows;

  /**
   * Returns what the user asked for.
   *
   * @throws InvalidInputException if that is negative
   */
  public Limit orElse(int otherwise) {
    if (rows == null) {
      return new Limit(otherwise, false);
    }
    if (rows < 0) {
      throw new InvalidInputException("options", "--limit", "0 or more", "" + rows);
    }
    return new Limit(rows, true);
  }
}
