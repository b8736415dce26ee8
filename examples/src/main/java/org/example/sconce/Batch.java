package org.example.sconce;

import dev.sconce.base.json.JsonNumber;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.runner.Completion;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.TextRunner;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Several prompts at once, with beams: {@code Batch model.pte "One" "Two, and more"}. */
public final class Batch {

  private Batch() {}

  /** Continues each argument after the first. */
  public static void main(String[] args) {
    String[] prompts = Arrays.copyOfRange(args, 1, args.length);
    try (TextRunner llm = TextRunner.load(Path.of(args[0]))) {
      GenerationConfig beams =
          llm.defaults().withMaxNewTokens(8).with(Setting.NUM_BEAMS, JsonNumber.of(2));
      // Prompts of different lengths are padded, which no row can tell.
      List<Completion> found =
          llm.generate(GenerationRequest.ofTexts(prompts).with(beams)).completions();
      for (Completion completion : found) {
        System.out.printf(
            "%s → %s (%.2f, %s)%n",
            prompts[completion.prompt()],
            completion.text(),
            completion.score(),
            completion.reason());
      }
    }
  }
}
