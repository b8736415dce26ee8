package dev.sconce.export.task;

import dev.sconce.base.DType;
import dev.sconce.base.ExportException;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.block.ImageEncoder;
import dev.sconce.export.block.Model;
import dev.sconce.export.checkpoint.Checkpoint;
import dev.sconce.export.checkpoint.ModelConfig;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.ProbingInference;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.graph.emit.ConstantMethod;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Classification of images.
 *
 * <pre>
 * forward(pixel_values float32[B, C, H, W]) → logits float32[B, L]
 * </pre>
 */
public final class ImageClassification implements Task {

  private static final int DEFAULT_SIZE = 224;
  private static final int DEFAULT_CHANNELS = 3;

  /** Creates the task. */
  public ImageClassification() {}

  @Override
  public String name() {
    return "image-classification";
  }

  @Override
  public boolean takesRows() {
    return true;
  }

  @Override
  public List<Graph> methods(Model model, BlockOptions options, Shape shape) {
    if (!(model instanceof ImageEncoder encoder)) {
      throw new ExportException("task " + name(), "the model is no encoder of images");
    }
    GraphBuilder builder = new GraphBuilder("forward", new ProbingInference());
    Blocks blocks = new Blocks(new Author(builder), options);
    Value pixels =
        builder.input(
            "pixel_values",
            new Type.TensorType(
                DType.FLOAT32,
                List.of(
                    shape.rows(builder),
                    Dim.of(encoder.channels()),
                    Dim.of(encoder.height()),
                    Dim.of(encoder.width()))));
    return List.of(builder.build(List.of(encoder.apply(blocks, pixels))));
  }

  @Override
  public List<SampleCall> sampleCalls(Checkpoint checkpoint, List<Graph> methods, Shape shape) {
    long[] sizes = methods.getFirst().inputs().getFirst().tensorType().maxShape();
    Tensor images = new Samples().images(shape, (int) sizes[1], (int) sizes[2], (int) sizes[3]);
    return List.of(SampleCall.of("forward", List.of(EValue.from(images))));
  }

  @Override
  public List<ConstantMethod> metadata(Checkpoint checkpoint, BlockOptions options, Shape shape) {
    ModelConfig config = checkpoint.config();
    List<ConstantMethod> methods = new ArrayList<>();
    methods.add(Metadata.dtype(options));
    methods.add(ConstantMethod.of("get_max_batch_size", shape.batch()));
    List<Integer> size = config.integers("image_size");
    methods.add(
        ConstantMethod.of(
            "image_size",
            size.isEmpty()
                ? new long[] {DEFAULT_SIZE}
                : size.stream().mapToLong(Integer::longValue).toArray()));
    methods.add(
        ConstantMethod.of("num_channels", config.integer("num_channels", DEFAULT_CHANNELS)));
    methods.addAll(Metadata.labels(config));
    return methods;
  }
}
