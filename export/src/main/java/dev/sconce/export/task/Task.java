package dev.sconce.export.task;

import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Model;
import dev.sconce.export.checkpoint.Checkpoint;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphBuilder;
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

  /** Returns how many tokens caches hold unless told otherwise. */
  default int defaultLength() {
    return 2048;
  }

  /** Returns whether the model reads a source and writes a target: both have a length. */
  default boolean hasSource() {
    return false;
  }

  /** Returns whether a call of any method may bring several rows. */
  default boolean takesRows() {
    return hasSource();
  }

  /** Writes the methods. */
  List<Graph> methods(Model model, BlockOptions blocks, Shape shape);

  /** Returns the metadata. */
  List<ConstantMethod> metadata(Checkpoint checkpoint, BlockOptions blocks, Shape shape);

  /**
   * Returns calls by which a written program is checked against its graphs, in the order in which
   * they are made.
   */
  List<SampleCall> sampleCalls(Checkpoint checkpoint, List<Graph> methods, Shape shape);

  /**
   * The sizes of a program.
   *
   * @param maxSequenceLength how many tokens a sequence may have
   * @param maxSourceLength how many tokens a source may have
   * @param batch how many sources, texts or images a call may bring
   * @param beams how many rows may share a source
   * @param upstreamIo whether methods have the inputs that optimum-executorch gives them
   * @param dynamic whether a call may bring any number of tokens up to that, or exactly one
   *     (encoders: exactly the maximum)
   * @param allLogits whether logits of every position are returned
   * @param generation what generation inside the program may hold
   */
  record Shape(
      int maxSequenceLength,
      int maxSourceLength,
      int batch,
      int beams,
      boolean upstreamIo,
      boolean dynamic,
      boolean allLogits,
      Generation generation) {

    /** Returns the number of texts or images of a call: any up to the batch, or exactly it. */
    Dim rows(GraphBuilder builder) {
      return dynamic && batch > 1 ? Dim.of(builder.symbol("B", 1, batch)) : Dim.of(batch);
    }
  }
}
