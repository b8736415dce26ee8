package dev.sconce.generate.runner;

import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.runner.internal.EmbeddedProgram;
import dev.sconce.generate.runner.internal.EmbeddedRequest;
import dev.sconce.generate.runner.internal.Seq2SeqMethods;
import dev.sconce.generate.runner.internal.SourceGroups;
import dev.sconce.text.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sources for an encoder, and what the decoder starts with for each. */
final class PromptedSource implements PromptedModel {

  private final Seq2SeqModel model;
  private final Seq2SeqMethods methods;
  private final GenerationRequest request;
  private final GenerationConfig config;
  private final Sources sources;
  private final int[][] targets;
  private final Supplier<EmbeddedProgram> embedded;
  private final Consumer<Stats> ended;
  private @Nullable SourceGroups groups;

  /**
   * Creates the sources of a request.
   *
   * @param methods what computes
   * @param embedded the generation inside the program
   * @param ended takes counts and times at the end
   */
  PromptedSource(
      Seq2SeqModel model,
      Seq2SeqMethods methods,
      GenerationRequest request,
      GenerationConfig config,
      Supplier<EmbeddedProgram> embedded,
      Consumer<Stats> ended) {
    this.model = model;
    this.methods = methods;
    this.request = request;
    this.config = config;
    this.embedded = embedded;
    this.ended = ended;
    this.sources = Sources.of(request, model.program(), model.tokenizer(), config.padToken());
    this.targets = model.targets(request, config);
  }

  @Override
  public int[][] prompts() {
    return targets;
  }

  @Override
  public int[][] encoderInputs() {
    return sources.ids();
  }

  @Override
  public long promptTokens() {
    return sources.count();
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

  @Override
  public void begins() {}

  @Override
  public float[][] step(int[][] ids, int position, int @Nullable [] rows) {
    SourceGroups all = groups;
    if (all == null) {
      int most = Math.max(config.beams(), config.returnSequences());
      all = new SourceGroups(methods, sources.ids(), sources.masks(), most);
      groups = all;
    }
    return all.step(ids, position, rows);
  }

  @Override
  public SearchRun embedded(
      List<byte[]> texts, BooleanSupplier cancelled, EmbeddedRequest.Observer observer) {
    return embedded
        .get()
        .start(
            EmbeddedRequest.of(
                    request, config, sources.ids(), sources.masks(), texts, cancelled, observer)
                .withTargets(targets));
  }

  @Override
  public void ended(List<GeneratedSequence> sequences, Stats stats) {
    if (groups != null) {
      groups.close();
      groups = null;
    }
    ended.accept(stats);
  }
}
