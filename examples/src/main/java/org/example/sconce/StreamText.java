package org.example.sconce;

import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.runner.TextRunner;
import java.nio.file.Path;

/** Prints text as it is generated: {@code StreamText model.pte "Once upon a time"}. */
public final class StreamText {

  private StreamText() {}

  /** Generates from the prompt in the second argument. */
  public static void main(String[] args) {
    try (TextRunner llm = TextRunner.load(Path.of(args[0]))) {
      GenerationConfig settings = llm.defaults().withMaxNewTokens(32);
      llm.generate(args[1], settings, System.out::print);
      System.out.println();
      System.out.printf("%.1f tokens/s%n", llm.stats().generatedTokensPerSecond());
    }
  }
}
