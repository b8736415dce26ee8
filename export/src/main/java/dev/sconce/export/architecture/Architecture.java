package dev.sconce.export.architecture;

import dev.sconce.export.block.Model;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.export.checkpoint.Weights;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A family of model types: turns configuration keys and tensor names into blocks.
 *
 * <p>Found by {@link java.util.ServiceLoader}, so that other modules can add model types.
 * Implementations have no state.
 */
public interface Architecture {

  /** Returns the values of {@code model_type} in {@code config.json} that this family serves. */
  Set<String> modelTypes();

  /** Returns the tasks that this family can be exported for. */
  Set<String> tasks();

  /**
   * Builds the model.
   *
   * @param task one of {@link #tasks}
   * @param config the configuration; a value that changes the numbers and is not understood must be
   *     an {@link dev.sconce.base.ExportException}
   * @param weights the tensors; those that the model needs must be taken
   * @param limits how long sequences may become
   */
  Model build(String task, ModelConfig config, Weights weights, Limits limits);

  /** Returns names of tensors that may be left over: buffers that old releases stored. */
  default Collection<Pattern> ignoredTensors() {
    return List.of();
  }

  /** Returns how many positions the model has learned, if it has learned them one by one. */
  default OptionalInt positionLimit(ModelConfig config) {
    return OptionalInt.empty();
  }

  /**
   * How long sequences may become.
   *
   * @param maxSequenceLength how many tokens the caches hold
   */
  record Limits(int maxSequenceLength) {}
}
