package dev.sconce.generate.runner;

import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.Setting;
import dev.sconce.generate.runner.internal.EmbeddedRequest;
import dev.sconce.generate.runner.internal.RowStates;
import dev.sconce.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Prompts that continue a conversation. */
final class PromptedText implements PromptedModel {

  private final Session session;
  private final TextModel model;
  private final GenerationRequest request;
  private final GenerationConfig config;
  private final Prompts prompts;
  private @Nullable RowStates rows;

  PromptedText(
      Session session,
      TextModel model,
      GenerationRequest request,
      GenerationConfig config,
      Prompts prompts) {
    this.session = session;
    this.model = model;
    this.request = request;
    this.config = config;
    this.prompts = prompts;
    if (config.flag(Setting.ECHO) && request.texts().isEmpty()) {
      model.requireTokenizer("echo");
    }
  }

  @Override
  public int[][] prompts() {
    return prompts.ids();
  }

  @Override
  public int[][] encoderInputs() {
    return new int[0][];
  }

  @Override
  public long promptTokens() {
    return prompts.count();
  }

  @Override
  public int context() {
    return model.program().context();
  }

  @Override
  public Optional<Tokenizer> tokenizer() {
    return model.tokenizer();
  }

  @Override
  public List<byte[]> tokenTexts() {
    return model.tokenTexts();
  }

  /** Echoes the first prompt if that is asked for. */
  @Override
  public void begins() {
    if (config.flag(Setting.ECHO)) {
      String text =
          request.texts().isEmpty()
              ? model.requireTokenizer("echo").decode(prompts.row(0))
              : request.texts().getFirst();
      if (!text.isEmpty()) {
        request.onText().accept(text);
      }
    }
  }

  @Override
  public float[][] step(int[][] ids, int position, int @Nullable [] origin) {
    return rows().step(ids, position, origin);
  }

  private RowStates rows() {
    RowStates all = rows;
    if (all == null) {
      all = session.rows(prompts);
      rows = all;
    }
    return all;
  }

  @Override
  public SearchRun embedded(
      List<byte[]> texts, BooleanSupplier cancelled, EmbeddedRequest.Observer observer) {
    return session
        .embedded()
        .start(
            EmbeddedRequest.of(
                request, config, prompts.ids(), prompts.masks(), texts, cancelled, observer));
  }

  /** Gives the session its state back, one prompt continued by its first sequence. */
  @Override
  public void ended(List<GeneratedSequence> sequences, Stats stats) {
    int[] continued = null;
    if (prompts.ids().length == 1 && !sequences.isEmpty()) {
      int[] prompt = prompts.row(0);
      int[] tokens = sequences.getFirst().tokens();
      continued = Arrays.copyOf(prompt, prompt.length + tokens.length);
      System.arraycopy(tokens, 0, continued, prompt.length, tokens.length);
    }
    session.finished(rows(), continued, stats);
  }
}
