package dev.sconce.generate.runner;

import dev.sconce.runtime.LoadOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How to load a runner; immutable.
 *
 * @param tokenizer a tokenizer's file or directory, which goes before the one in the program
 * @param load how to load the program
 * @param method the method that takes tokens and gives logits; empty to find it
 * @param ioManager who makes the method's inputs and takes its outputs
 */
public record RunnerOptions(
    Optional<Path> tokenizer,
    LoadOptions load,
    Optional<String> method,
    IoManager.Factory ioManager) {

  private static final RunnerOptions DEFAULTS =
      new RunnerOptions(
          Optional.empty(), LoadOptions.defaults(), Optional.empty(), DefaultIoManager::new);

  /** Returns options that suit a program that carries everything. */
  public static RunnerOptions defaults() {
    return DEFAULTS;
  }

  /** Returns these options with a tokenizer beside the program. */
  public RunnerOptions withTokenizer(Path path) {
    return new RunnerOptions(Optional.of(path), load, method, ioManager);
  }

  /** Returns these options with others for the program. */
  public RunnerOptions withLoad(LoadOptions options) {
    return new RunnerOptions(tokenizer, options, method, ioManager);
  }

  /** Returns these options with another method. */
  public RunnerOptions withMethod(String name) {
    return new RunnerOptions(tokenizer, load, Optional.of(name), ioManager);
  }

  /** Returns these options with managers of the caller's. */
  public RunnerOptions withIoManager(IoManager.Factory factory) {
    return new RunnerOptions(tokenizer, load, method, factory);
  }
}
