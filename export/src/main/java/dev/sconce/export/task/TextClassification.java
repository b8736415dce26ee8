package dev.sconce.export.task;

import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Model;
import dev.sconce.export.checkpoint.Checkpoint;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.graph.Graph;
import dev.sconce.graph.emit.ConstantMethod;
import java.util.ArrayList;
import java.util.List;

/** Classification of texts: logits float32[B, L] of the labels. */
public final class TextClassification implements Task {

  /** Creates the task. */
  public TextClassification() {}

  @Override
  public String name() {
    return "text-classification";
  }

  @Override
  public boolean takesRows() {
    return true;
  }

  @Override
  public List<Graph> methods(Model model, BlockOptions options, Shape shape) {
    return TextEncoding.methods(name(), model, options, shape);
  }

  @Override
  public List<SampleCall> sampleCalls(Checkpoint checkpoint, List<Graph> methods, Shape shape) {
    return TextEncoding.sampleCalls(checkpoint, methods, shape);
  }

  @Override
  public List<ConstantMethod> metadata(Checkpoint checkpoint, BlockOptions options, Shape shape) {
    ModelConfig config = checkpoint.config();
    List<ConstantMethod> methods = new ArrayList<>(Metadata.ofText(config, options, shape));
    methods.addAll(Metadata.labels(config));
    return methods;
  }
}
