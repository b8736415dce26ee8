package dev.sconce.generate.runner;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.StopRule;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What to generate from, and how; immutable.
 *
 * <p>Prompts are texts, or rows of token ids. Rows of different lengths need masks or are padded by
 * the runner; a mask of 0 hides a token of padding.
 *
 * @param texts the prompts, one row of the batch each
 * @param ids the prompts as token ids instead
 * @param masks 1 for each id that counts and 0 for padding, a row for each row of ids; none if all
 *     count
 * @param decoderIds what the decoder of an encoder-decoder model starts with, a row for each
 *     prompt; none for the model's own start token
 * @param config the settings; empty for those of the program
 * @param rules rules of the caller's, which run after those of the settings
 * @param stops stopping rules of the caller's
 * @param onToken takes every token as it is generated; those of beams when the search is over
 * @param onText takes the text of the first row in pieces of whole characters, with the setting
 *     {@code echo} the prompt's first
 * @param onStats takes counts and times at the end
 * @param embedded whether the program's own {@code generate} or {@code generate_beam} makes the
 *     tokens, always from the first token on; what it does not hold is an error
 */
public record GenerationRequest(
    List<String> texts,
    List<int[]> ids,
    List<int[]> masks,
    List<int[]> decoderIds,
    Optional<GenerationConfig> config,
    List<LogitsRule> rules,
    List<StopRule> stops,
    Consumer<GeneratedToken> onToken,
    Consumer<String> onText,
    Consumer<Stats> onStats,
    boolean embedded) {

  /** Checks that the parts suit each other. */
  public GenerationRequest {
    texts = List.copyOf(texts);
    ids = ids.stream().map(int[]::clone).toList();
    masks = masks.stream().map(int[]::clone).toList();
    decoderIds = decoderIds.stream().map(int[]::clone).toList();
    rules = List.copyOf(rules);
    stops = List.copyOf(stops);
    if (!texts.isEmpty() && !ids.isEmpty()) {
      throw wrong("ids", "either texts or ids", "both");
    }
    if (!masks.isEmpty() && masks.size() != ids.size()) {
      throw wrong("masks", ids.size() + " rows, one for each row of ids", "" + masks.size());
    }
    for (int r = 0; r < masks.size(); r++) {
      if (masks.get(r).length != ids.get(r).length) {
        throw wrong(
            "masks, row " + r, ids.get(r).length + " numbers, as ids", "" + masks.get(r).length);
      }
    }
    int rows = Math.max(texts.size(), ids.size());
    if (!decoderIds.isEmpty() && decoderIds.size() != rows) {
      throw wrong("decoderIds", rows + " rows, one for each prompt", "" + decoderIds.size());
    }
  }

  private static InvalidInputException wrong(String argument, String expected, String found) {
    return new InvalidInputException("GenerationRequest", argument, expected, found);
  }

  private static GenerationRequest of(List<String> texts, List<int[]> ids) {
    return new GenerationRequest(
        texts,
        ids,
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        _ -> {},
        _ -> {},
        _ -> {},
        false);
  }

  /** Returns a request of texts, one row each. */
  public static GenerationRequest ofTexts(String... prompts) {
    return of(List.of(prompts), List.of());
  }

  /** Returns a request of rows of token ids. */
  public static GenerationRequest ofIds(int[]... rows) {
    return of(List.of(), List.of(rows));
  }

  /** Returns how many prompts there are. */
  public int rows() {
    return Math.max(texts.size(), ids.size());
  }

  /** Returns this request with masks for its ids. */
  public GenerationRequest withMasks(int[]... rows) {
    return new GenerationRequest(
        texts,
        ids,
        List.of(rows),
        decoderIds,
        config,
        rules,
        stops,
        onToken,
        onText,
        onStats,
        embedded);
  }

  /** Returns this request with other first tokens of the decoder. */
  public GenerationRequest withDecoderIds(int[]... rows) {
    return new GenerationRequest(
        texts, ids, masks, List.of(rows), config, rules, stops, onToken, onText, onStats, embedded);
  }

  /** Returns this request with settings. */
  public GenerationRequest with(GenerationConfig settings) {
    return new GenerationRequest(
        texts,
        ids,
        masks,
        decoderIds,
        Optional.of(settings),
        rules,
        stops,
        onToken,
        onText,
        onStats,
        embedded);
  }

  /** Returns this request with rules of the caller's. */
  public GenerationRequest withRules(LogitsRule... more) {
    return new GenerationRequest(
        texts,
        ids,
        masks,
        decoderIds,
        config,
        List.of(more),
        stops,
        onToken,
        onText,
        onStats,
        embedded);
  }

  /** Returns this request with stopping rules of the caller's. */
  public GenerationRequest withStops(StopRule... more) {
    return new GenerationRequest(
        texts,
        ids,
        masks,
        decoderIds,
        config,
        rules,
        List.of(more),
        onToken,
        onText,
        onStats,
        embedded);
  }

  /** Returns this request with a receiver of tokens. */
  public GenerationRequest onToken(Consumer<GeneratedToken> receiver) {
    return new GenerationRequest(
        texts, ids, masks, decoderIds, config, rules, stops, receiver, onText, onStats, embedded);
  }

  /** Returns this request with a receiver of the first row's text. */
  public GenerationRequest onText(Consumer<String> receiver) {
    return new GenerationRequest(
        texts, ids, masks, decoderIds, config, rules, stops, onToken, receiver, onStats, embedded);
  }

  /** Returns this request with a receiver of counts and times. */
  public GenerationRequest onStats(Consumer<Stats> receiver) {
    return new GenerationRequest(
        texts, ids, masks, decoderIds, config, rules, stops, onToken, onText, receiver, embedded);
  }

  /** Returns this request with the tokens made inside the program, or by host code. */
  public GenerationRequest embedded(boolean inside) {
    return new GenerationRequest(
        texts, ids, masks, decoderIds, config, rules, stops, onToken, onText, onStats, inside);
  }
}
