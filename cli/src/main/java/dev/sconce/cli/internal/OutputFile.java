package dev.sconce.cli.internal;

import dev.sconce.base.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at a place for a file before the work that fills it begins. */
public final class OutputFile {

  private OutputFile() {}

  /**
   * Checks that a file can be made at a place, and that it would take the place of none that is
   * read.
   *
   * @param command the command, for the message
   * @param option the option that named the place
   * @param inputs files that the command reads, or files to be written beside it; a folder stands
   *     for the files in it, programs apart
   * @throws InvalidInputException if not
   */
  public static void check(String command, String option, Path output, Path... inputs)
      throws IOException {
    if (Files.isDirectory(output)) {
      throw new InvalidInputException(command, option, "a file", output + ", a folder");
    }
    Path folder = output.toAbsolutePath().normalize().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new InvalidInputException(
          command, option, "a file in a folder that exists", output.toString());
    }
    for (Path input : inputs) {
      if (same(output, input)
          || (same(folder, input) && Files.exists(output) && !isProgram(output))) {
        throw new InvalidInputException(
            command, option, "another file than those that are used", output.toString());
      }
    }
  }

  private static boolean isProgram(Path file) {
    String name = file.toString();
    return name.endsWith(".pte") || name.endsWith(".bpte");
  }

  private static boolean same(Path a, Path b) throws IOException {
    return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize())
        || (Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b));
  }
}
