package dev.sconce.export;

import dev.sconce.base.ExportException;
import dev.sconce.export.block.BlockOptions.LinearQuantization;
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
record LinearScheme(List<LinearQuantization> choices) {

  LinearScheme {
    choices = List.copyOf(choices);
  }

  /**
   * Reads the form of optimum-executorch: {@code 8da4w}, {@code 8da8w}, {@code 8w}, {@code 4w},
   * {@code 8da4w,8da8w}.
   *
   * @param groupSize how many weights share a scale in 4-bit schemes; 0 for a whole row
   */
  static LinearScheme parse(String text, int groupSize, ScaleChoice scales) {
    List<LinearQuantization> choices = new ArrayList<>();
    for (String name : text.split(",", -1)) {
      choices.add(
          switch (name.strip()) {
            case "8da4w" -> new LinearQuantization(new WeightScheme(4, groupSize, scales), true);
            case "8da8w" -> new LinearQuantization(new WeightScheme(8, 0, scales), true);
            case "8w" -> new LinearQuantization(new WeightScheme(8, 0, scales), false);
            case "4w" -> new LinearQuantization(new WeightScheme(4, 0, scales), false);
            default ->
                throw new ExportException(
                    "linear scheme '" + name + "'",
                    "supported are 8da4w, 8da8w, 8w, 4w, and two of them with a comma: the second"
                        + " where the first does not fit");
          });
    }
    return new LinearScheme(choices);
  }

  /** Returns the scheme of a layer; empty if no choice fits, so that it stays floating. */
  Optional<LinearQuantization> of(int inputs) {
    return choices.stream().filter(choice -> choice.weights().divides(inputs)).findFirst();
  }
}
