package org.example.sconce;

import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.TextRunner;
import dev.sconce.text.Tokenizer;
import java.nio.file.Path;

/** Has a model answer in digits: {@code OnlyDigits model.pte "One and one is "}. */
public final class OnlyDigits {

  private OnlyDigits() {}

  /** Generates five tokens of digits. */
  public static void main(String[] args) {
    try (TextRunner llm = TextRunner.load(Path.of(args[0]))) {
      LogitsRule digits = digits(llm.tokenizer().orElseThrow(), llm.vocabularySize());
      System.out.println(
          llm.generate(
                  GenerationRequest.ofTexts(args[1])
                      .with(llm.defaults().withMaxNewTokens(5))
                      .withRules(digits))
              .text());
    }
  }

  /** A rule that bans every token but those of digits. It runs before the filters of sampling. */
  private static LogitsRule digits(Tokenizer tokenizer, int vocabulary) {
    boolean[] allowed = new boolean[vocabulary];
    for (int id = 0; id < vocabulary; id++) {
      allowed[id] = tokenizer.decode(id).matches("[0-9]+");
    }
    return (tokens, scores) -> {
      for (int id = 0; id < scores.length; id++) {
        if (!allowed[id]) {
          scores[id] = Float.NEGATIVE_INFINITY;
        }
      }
    };
  }
}
