package dev.sconce.generate;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.internal.search.BeamSearch;
import dev.sconce.generate.internal.search.TokenSearch;
import dev.sconce.generate.internal.stop.Stops;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Runs greedy search, sampling, beam search or beam sampling over a model. */
public final class Search {

  private final StepFunction model;
  private final GenerationConfig config;
  private int context = Integer.MAX_VALUE;
  private int[][] encoderInputs = {};
  private List<LogitsRule> customRules = List.of();
  private List<StopRule> customStops = List.of();
  private List<byte[]> tokenTexts = List.of();
  private BooleanSupplier cancelled = () -> false;
  private Consumer<TokenEvent> listener = _ -> {};
  private InstantSource clock = InstantSource.system();

  private Search(StepFunction model, GenerationConfig config) {
    this.model = model;
    this.config = config;
  }

  /** Returns a search over a model. */
  public static Search over(StepFunction model, GenerationConfig config) {
    return new Search(model, config);
  }

  /** Sets how long rows can become. */
  public Search context(int length) {
    context = length;
    return this;
  }

  /** Sets the encoder's inputs, which some rules look at. */
  public Search encoderInputs(int[][] inputs) {
    encoderInputs = inputs;
    return this;
  }

  /** Adds rules that run after those of the configuration, before the filters of sampling. */
  public Search rules(List<LogitsRule> rules) {
    customRules = List.copyOf(rules);
    return this;
  }

  /**
   * Sets what each token of the vocabulary adds to a text, in UTF-8, which the setting {@code
   * stop_strings} needs.
   */
  public Search tokenTexts(List<byte[]> texts) {
    tokenTexts = List.copyOf(texts);
    return this;
  }

  /** Sets the clock by which the setting {@code max_time} is measured, from the start of a run. */
  public Search clock(InstantSource source) {
    clock = source;
    return this;
  }

  /** Has a search end as soon as a condition holds, which any thread may bring about. */
  public Search cancelledWhen(BooleanSupplier condition) {
    cancelled = condition;
    return this;
  }

  /**
   * Sets who is told of every token as it is chosen; beams choose theirs when the search is over,
   * and tell nobody.
   */
  public Search onToken(Consumer<TokenEvent> receiver) {
    listener = receiver;
    return this;
  }

  /** Adds stopping rules. */
  public Search stops(List<StopRule> stops) {
    customStops = List.copyOf(stops);
    return this;
  }

  /**
   * Generates.
   *
   * @param prompts the prompts, all equally long; padding is the model's affair
   * @return the sequences of the first prompt, best first, then those of the next
   */
  public List<GeneratedSequence> run(int[][] prompts) {
    if (prompts.length == 0) {
      return List.of();
    }
    SearchRun run = start(prompts);
    boolean more = true;
    while (more) {
      more = run.advance();
    }
    return run.results();
  }

  /**
   * Starts to generate; nothing is computed before the first {@link SearchRun#advance}.
   *
   * @param prompts the prompts, at least one, all equally long
   */
  public SearchRun start(int[][] prompts) {
    if (prompts.length == 0) {
      throw new InvalidInputException("Search.start", "prompts", "at least one", "none");
    }
    int length = prompts[0].length;
    if (length == 0 || Arrays.stream(prompts).anyMatch(prompt -> prompt.length != length)) {
      throw new InvalidInputException(
          "Search.run", "prompts", "prompts of one length, at least 1", "others");
    }
    int maxLength = config.maxLength(length, context);
    if (maxLength <= length) {
      throw new InvalidInputException(
          "Search.run",
          "prompts",
          "fewer tokens than the maximal length of " + maxLength,
          String.valueOf(length));
    }
    if (maxLength == Integer.MAX_VALUE
        && config.endTokens().length == 0
        && !config.isSet(Setting.MAX_TIME)) {
      throw new InvalidInputException(
          "Search.run", "max_new_tokens", "a length, a context, a time or an end token", "none");
    }
    if (encoderInputs.length != 0 && encoderInputs.length != prompts.length) {
      throw new InvalidInputException(
          "Search.run",
          "encoderInputs",
          "one for each of the " + prompts.length + " prompts",
          String.valueOf(encoderInputs.length));
    }
    List<LogitsRule> rules =
        LogitsRules.of(
            config.withOneMinimum(),
            length,
            maxLength,
            encoderInputs.length == 0 ? prompts : encoderInputs,
            customRules);
    List<StopRule> stops = Stops.of(config, maxLength, tokenTexts, clock, customStops);
    return config.beams() > 1
        ? new BeamSearch(model, config, rules, stops, maxLength).start(prompts, cancelled)
        : new TokenSearch(model, config, rules, stops).start(prompts, cancelled, listener);
  }

  /** Returns prompts and sequences as transformers' {@code generate} does: padded to one length. */
  public int[][] rows(int[][] prompts, List<GeneratedSequence> sequences) {
    int longest = sequences.stream().mapToInt(s -> s.tokens().length).max().orElse(0);
    int fill = config.beams() > 1 ? BeamSearch.fill(config) : config.padToken();
    int[][] rows = new int[sequences.size()][];
    for (int i = 0; i < rows.length; i++) {
      int[] prompt = prompts[sequences.get(i).prompt()];
      int[] tokens = sequences.get(i).tokens();
      rows[i] = Arrays.copyOf(prompt, prompt.length + longest);
      System.arraycopy(tokens, 0, rows[i], prompt.length, tokens.length);
      Arrays.fill(rows[i], prompt.length + tokens.length, rows[i].length, fill);
    }
    return rows;
  }
}
