package dev.sconce.cli.internal.bench;

import dev.sconce.generate.runner.DefaultIoManager;
import dev.sconce.runtime.Program;
import java.io.IOException;
import java.nio.file.Path;

/** Which benchmark suits a program. */
public final class Benchmarks {

  private Benchmarks() {}

  /**
   * Returns whether a method takes tokens and positions and returns logits.
   *
   * @throws IOException if the file cannot be read
   */
  public static boolean isLanguageModel(Path file, String method) throws IOException {
    try (Program program = Program.load(file)) {
      return DefaultIoManager.suits(program.metadata(method));
    }
  }
}
