package dev.sconce.export;

import dev.sconce.base.ExportException;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.BlockOptions.LinearQuantization;
import dev.sconce.graph.quantize.WeightScheme;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Decides for every weight whether and how it is quantised, and remembers what it decided. */
final class QuantizationPlan implements BlockOptions.Quantization {

  private static final String NONE = "none";

  /** A pattern, as it was given and as it is matched. */
  private record Glob(String text, Pattern pattern) {}

  private final Optional<LinearScheme> linear;
  private final Map<Glob, Optional<LinearScheme>> overrides = new LinkedHashMap<>();
  private final List<Glob> unused;
  private final Optional<WeightScheme> embedding;
  // Several methods read one weight.
  private final Set<String> floating = new LinkedHashSet<>();

  QuantizationPlan(ExportOptions options) {
    this.linear = options.linear().map(text -> scheme(text, options));
    options
        .linearOverrides()
        .forEach(
            (glob, text) ->
                overrides.put(
                    new Glob(glob, pattern(glob)),
                    text.equals(NONE) ? Optional.empty() : Optional.of(scheme(text, options))));
    this.unused = new ArrayList<>(overrides.keySet());
    this.embedding = options.embedding().map(text -> embedding(text, options));
  }

  private static LinearScheme scheme(String text, ExportOptions options) {
    return LinearScheme.parse(text, options.linearGroupSize(), options.scales());
  }

  private static WeightScheme embedding(String text, ExportOptions options) {
    int bits =
        switch (text) {
          case "8w" -> 8;
          case "4w" -> 4;
          default ->
              throw new ExportException(
                  "embedding scheme '" + text + "'", "supported are 8w and 4w");
        };
    return new WeightScheme(bits, options.embeddingGroupSize(), options.scales());
  }

  /** A star stands for any text. */
  private static Pattern pattern(String glob) {
    StringBuilder regex = new StringBuilder();
    for (String part : glob.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return Pattern.compile(regex.toString());
  }

  boolean quantizesLinears() {
    return linear.isPresent() || overrides.values().stream().anyMatch(Optional::isPresent);
  }

  @Override
  public Optional<LinearQuantization> linear(String name, int inputs) {
    Optional<LinearScheme> wanted = linear;
    for (Map.Entry<Glob, Optional<LinearScheme>> override : overrides.entrySet()) {
      if (override.getKey().pattern.matcher(name).matches()) {
        unused.remove(override.getKey());
        wanted = override.getValue();
        break;
      }
    }
    Optional<LinearQuantization> scheme = wanted.flatMap(s -> s.of(inputs));
    if (wanted.isPresent() && scheme.isEmpty()) {
      floating.add(name);
    }
    return scheme;
  }

  @Override
  public Optional<WeightScheme> embedding(String name, int width) {
    if (embedding.isPresent() && (!embedding.get().divides(width) || width % 2 != 0)) {
      throw new ExportException(
          "embedding group size",
          "rows of '%s' have %d numbers, which do not fall into groups of %d"
              .formatted(name, width, embedding.get().groupLength(width)));
    }
    return embedding;
  }

  /** Returns layers that stay floating because no scheme fits their width. */
  List<String> floating() {
    return List.copyOf(floating);
  }

  /**
   * Checks that every pattern matched a layer.
   *
   * @throws ExportException if one did not: it would be an option without effect
   */
  void checkUsed() {
    if (!unused.isEmpty()) {
      throw new ExportException(
          "layer pattern '" + unused.getFirst().text + "'",
          "no linear layer of the model has such a name");
    }
  }
}
