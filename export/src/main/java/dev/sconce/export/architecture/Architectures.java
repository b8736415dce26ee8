package dev.sconce.export.architecture;

import dev.sconce.base.ExportException;
import dev.sconce.export.checkpoint.ModelConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedSet;
import java.util.TreeSet;

/** The architectures that are there: Sconce's own, and those of other modules. */
public final class Architectures {

  private Architectures() {}

  /** Returns all architectures. */
  public static List<Architecture> all() {
    List<Architecture> all =
        new ArrayList<>(
            List.of(
                new LlamaArchitecture(),
                new Gemma2Architecture(),
                new Gpt2Architecture(),
                new Starcoder2Architecture(),
                new BertArchitecture(),
                new DistilBertArchitecture(),
                new T5Architecture(),
                new BartArchitecture(),
                new VitArchitecture()));
    ServiceLoader.load(Architecture.class).forEach(all::add);
    return all;
  }

  /** Returns all supported model types. */
  public static SortedSet<String> modelTypes() {
    SortedSet<String> types = new TreeSet<>();
    all().forEach(architecture -> types.addAll(architecture.modelTypes()));
    return types;
  }

  /**
   * Returns the architecture of a configuration.
   *
   * @throws ExportException if its model type is not supported; names the nearest that is
   */
  public static Architecture of(ModelConfig config) {
    String type = config.string("model_type");
    return all().stream()
        .filter(architecture -> architecture.modelTypes().contains(type))
        .findFirst()
        .orElseThrow(
            () ->
                config.unsupported(
                    "model_type",
                    "the nearest supported type is %s; all: %s"
                        .formatted(nearest(type), String.join(", ", modelTypes()))));
  }

  private static String nearest(String type) {
    return modelTypes().stream()
        .min(Comparator.comparingInt(known -> distance(known, type)))
        .orElseThrow();
  }

  /** The number of insertions, deletions and substitutions between two names. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
