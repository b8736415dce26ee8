package dev.sconce.export.task;

import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Model;
import dev.sconce.export.checkpoint.Checkpoint;
import dev.sconce.graph.Graph;
import dev.sconce.graph.emit.ConstantMethod;
import java.util.List;

/** What a model is exported for: which methods the program has, and which metadata. */
public interface Task {

  /** Returns the name, as {@code optimum-cli} spells it. */
  String name();

  /** Returns whether programs of this task can hold methods that generate. */
  default boolean generates() {
    return false;
  }

  /** Writes the methods. */
  List<Graph> methods(Model model, BlockOptions blocks, Shape shape);

  /** Returns the metadata. */
  List<ConstantMethod> metadata(Checkpoint checkpoint, BlockOptions blocks, Shape shape);

  /**
   * The sizes of a program.
   *
   * @param maxSequenceLength how many tokens a sequence may have
   * @param dynamic whether a call may bring any number of tokens up to that, or exactly one
   *     (encoders: exactly the maximum)
   * @param allLogits whether logits of every position are returned
   * @param generation what generation inside the program may hold
   */
  record Shape(int maxSequenceLength, boolean dynamic, boolean allLogits, Generation generation) {}
}
