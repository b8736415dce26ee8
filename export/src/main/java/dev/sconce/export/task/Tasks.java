package dev.sconce.export.task;

import dev.sconce.base.ExportException;
import dev.sconce.export.architecture.Architecture;
import dev.sconce.export.checkpoint.ModelConfig;
import java.util.List;
import java.util.stream.Collectors;

/** The tasks that exist. */
public final class Tasks {

  private Tasks() {}

  /** Returns all tasks. */
  public static List<Task> all() {
    return List.of(
        new TextGeneration(),
        new Text2TextGeneration(),
        new FillMask(),
        new TextClassification(),
        new ImageClassification());
  }

  /**
   * Returns the task of a name.
   *
   * @throws ExportException if there is none
   */
  public static Task named(String name) {
    return all().stream()
        .filter(task -> task.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ExportException(
                    "task '" + name + "'",
                    "supported are "
                        + all().stream().map(Task::name).collect(Collectors.joining(", "))));
  }

  /**
   * Returns the task that a checkpoint's class was made for.
   *
   * @throws ExportException if it does not say so and the architecture serves several
   */
  public static String defaultOf(Architecture architecture, ModelConfig config) {
    String made =
        config.strings("architectures").filter(c -> !c.isEmpty()).map(List::getFirst).orElse("");
    String task =
        switch (made.replaceFirst("^.*For", "")) {
          case "CausalLM" -> "text-generation";
          case "MaskedLM" -> "fill-mask";
          case "SequenceClassification" -> "text-classification";
          case "ImageClassification" -> "image-classification";
          default -> "";
        };
    if (architecture.tasks().contains(task)) {
      return task;
    }
    if (architecture.tasks().size() == 1) {
      return architecture.tasks().iterator().next();
    }
    throw new ExportException(
        "task", "the checkpoint does not tell it; give one of " + architecture.tasks());
  }
}
