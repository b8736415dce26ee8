package dev.sconce.generate;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.internal.search.BeamSearch;
import dev.sconce.generate.internal.search.TokenSearch;
import dev.sconce.generate.internal.stop.EndToken;
import dev.sconce.generate.internal.stop.MaxLength;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs greedy search, sampling, beam search or beam sampling over a model. */
public final class Search {

  private final StepFunction model;
  private final GenerationConfig config;
  private int context = Integer.MAX_VALUE;
  private int[][] encoderInputs = {};
  private List<LogitsRule> customRules = List.of();
  private List<StopRule> customStops = List.of();

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

  /** Adds stopping rules, such as stop strings. */
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
    if (maxLength == Integer.MAX_VALUE && config.endTokens().length == 0) {
      throw new InvalidInputException(
          "Search.run", "max_new_tokens", "a length, a context or an end token", "none");
    }
    if (!config.stopStrings().isEmpty() && customStops.isEmpty()) {
      throw new InvalidInputException(
          "Search.run",
          "stop_strings",
          "a rule of StopRules.stopStrings with the texts of the tokens",
          "none");
    }
    List<LogitsRule> rules =
        LogitsRules.of(
            config,
            length,
            maxLength,
            encoderInputs.length == 0 ? prompts : encoderInputs,
            customRules);
    List<StopRule> stops = new ArrayList<>();
    stops.add(new MaxLength(maxLength));
    stops.addAll(customStops);
    if (config.endTokens().length > 0) {
      stops.add(new EndToken(config.endTokens()));
    }
    return config.beams() > 1
        ? new BeamSearch(model, config, rules, stops, maxLength).run(prompts)
        : new TokenSearch(model, config, rules, stops).run(prompts);
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
