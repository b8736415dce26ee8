package dev.sconce.generate.runner;

import dev.sconce.runtime.PteModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Finds the runner that suits a program. */
public final class Runners {

  private Runners() {}

  /** The kinds of programs that generate. */
  public enum Kind {
    /** A decoder alone. */
    TEXT,
    /** An encoder, and a decoder that looks at what it made. */
    SEQ2SEQ
  }

  /** Returns what kind of program a file holds, by its methods. */
  public static Kind kind(Path path, RunnerOptions options) {
    try (PteModule module = PteModule.load(path, options.load())) {
      List<String> names = module.methodNames();
      return names.contains("encoder") && names.contains("text_decoder") ? Kind.SEQ2SEQ : Kind.TEXT;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loads a program that carries its tokenizer. */
  public static Runner load(Path path) {
    return load(path, RunnerOptions.defaults());
  }

  /**
   * Loads a program with the runner that its methods ask for.
   *
   * @throws UncheckedIOException if a file cannot be read
   * @throws dev.sconce.base.InvalidInputException if no runner suits the program
   */
  public static Runner load(Path path, RunnerOptions options) {
    return switch (kind(path, options)) {
      case TEXT -> TextRunner.load(path, options);
      case SEQ2SEQ -> Seq2SeqRunner.load(path, options);
    };
  }
}
