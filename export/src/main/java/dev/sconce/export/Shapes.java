package dev.sconce.export;

import dev.sconce.base.ExportException;
import dev.sconce.export.architecture.Architecture;
import dev.sconce.export.checkpoint.Checkpoint;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.task.Task;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * Decides the sizes of a program: what was asked for, within what the model can do.
 *
 * @param options what was asked for
 * @param architecture the model's family
 * @param checkpoint the model
 */
record Shapes(ExportOptions options, Architecture architecture, Checkpoint checkpoint) {

  /**
   * Returns the sizes for a task.
   *
   * @throws ExportException if the model or the task cannot have them
   * @throws IOException if a file of settings cannot be read
   */
  Task.Shape of(Task task) throws IOException {
    boolean source = task.hasSource();
    refuse(!source && options.maxSourceLength().isPresent(), "--max-hidden-seq-len", task.name());
    refuse(!source && options.upstreamIo(), "--upstream-io", task.name());
    boolean upstream = options.upstreamIo();
    refuse(upstream && options.batch() != 1, "--batch", "upstream I/O");
    refuse(upstream && options.beams().isPresent(), "--beams", "upstream I/O");
    return new Task.Shape(
        length("maximum sequence length", options.maxSequenceLength(), task),
        length("maximum source length", options.maxSourceLength(), task),
        options.batch(),
        options.beams().orElse(source && !upstream ? searchBeams() : 1),
        upstream,
        options.dynamicShapes(),
        options.allLogits(),
        GenerationOptions.resolve(task, checkpoint, options));
  }

  private static void refuse(boolean given, String option, String task) {
    if (given) {
      throw new ExportException("option " + option, task + " has no use for it");
    }
  }

  private int length(String option, OptionalInt given, Task task) {
    int limit = architecture.positionLimit(checkpoint.config()).orElse(Integer.MAX_VALUE);
    int wanted = given.orElse(Math.min(task.defaultLength(), limit));
    if (wanted < 1 || wanted > limit) {
      throw new ExportException(
          option + " " + wanted, "expected 1 to " + limit + ", the positions of the model");
    }
    return wanted;
  }

  /** Returns how many beams the checkpoint is meant to be searched with. */
  private int searchBeams() {
    ModelConfig config = checkpoint.config();
    ModelConfig generation = checkpoint.generationConfig().map(ModelConfig::new).orElse(config);
    return generation.integer("num_beams", 1);
  }
}
