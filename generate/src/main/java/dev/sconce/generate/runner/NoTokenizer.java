package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;

/** What is said where texts need a tokenizer and there is none. */
final class NoTokenizer {

  private NoTokenizer() {}

  /**
   * Returns the exception.
   *
   * @param where the program or the call
   * @param argument what needs a tokenizer
   */
  static InvalidInputException error(String where, String argument) {
    return new InvalidInputException(
        where,
        argument,
        "a program with a tokenizer in it, or one beside it (RunnerOptions.withTokenizer,"
            + " --tokenizer); token ids need none (GenerationRequest.ofIds, --ids)",
        "neither");
  }
}
