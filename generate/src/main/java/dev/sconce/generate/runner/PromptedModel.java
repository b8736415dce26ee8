package dev.sconce.generate.runner;

import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.runner.internal.EmbeddedRequest;
import dev.sconce.text.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The prompts of one request, and the model that continues them: what a generation goes on. */
interface PromptedModel {

  /** Returns what the rows of the answer continue, of one length. */
  int[][] prompts();

  /** Returns the sources of an encoder, which rules look at; no rows if there is none. */
  int[][] encoderInputs();

  /** Returns how many tokens of the request count. */
  long promptTokens();

  /** Returns how many tokens a row can have. */
  int context();

  /** Returns what makes text of tokens. */
  Optional<Tokenizer> tokenizer();

  /** Returns what each token adds to a text, in UTF-8. */
  List<byte[]> tokenTexts();

  /** Called once, before anything is computed. */
  void begins();

  /** Runs the model: a {@link dev.sconce.generate.StepFunction}. */
  float[][] step(int[][] ids, int position, int @Nullable [] rows);

  /** Has the generation inside the program make the tokens. */
  SearchRun embedded(
      List<byte[]> texts, BooleanSupplier cancelled, EmbeddedRequest.Observer observer);

  /**
   * Called once, when nothing is computed any more.
   *
   * @param sequences what was generated; empty if that failed: then it is as if it never was
   */
  void ended(List<GeneratedSequence> sequences, Stats stats);
}
