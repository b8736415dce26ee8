package dev.sconce.export;

import dev.sconce.base.ExportException;
import dev.sconce.graph.quantize.WeightScheme;
import dev.sconce.graph.quantize.WeightScheme.ScaleChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How linear layers are quantised: a scheme, and another for layers that do not fall into its
 * groups.
 *
 * @param choices the schemes in order of preference
 */
record LinearScheme(List<WeightScheme> choices) {

  LinearScheme {
    choices = List.copyOf(choices);
  }

  /**
   * Reads the form of optimum-executorch: {@code 8da4w}, {@code 8da8w}, {@code 8da4w,8da8w}.
   *
   * @param groupSize how many weights share a scale in 4-bit schemes; 0 for a whole row
   */
  static LinearScheme parse(String text, int groupSize, ScaleChoice scales) {
    List<WeightScheme> choices = new ArrayList<>();
    for (String name : text.split(",", -1)) {
      choices.add(
          switch (name.strip()) {
            case "8da4w" -> new WeightScheme(4, groupSize, scales);
            case "8da8w" -> new WeightScheme(8, 0, scales);
            default ->
                throw new ExportException(
                    "linear scheme '" + name + "'",
                    "supported are 8da4w, 8da8w and 8da4w,8da8w (the second where the first does"
                        + " not fit)");
          });
    }
    return new LinearScheme(choices);
  }

  /** Returns the scheme of a layer; empty if no choice fits, so that it stays floating. */
  Optional<WeightScheme> of(int inputs) {
    return choices.stream().filter(choice -> choice.divides(inputs)).findFirst();
  }
}
