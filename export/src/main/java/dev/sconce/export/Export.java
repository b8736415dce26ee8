package dev.sconce.export;

import dev.sconce.base.DType;
import dev.sconce.base.ExportException;
import dev.sconce.export.architecture.Architecture;
import dev.sconce.export.architecture.Architectures;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Model;
import dev.sconce.export.checkpoint.Checkpoint;
import dev.sconce.export.checkpoint.HubCache;
import dev.sconce.export.checkpoint.Weights;
import dev.sconce.export.generation.GenerationInfo;
import dev.sconce.export.generation.StepCap;
import dev.sconce.export.recipe.Recipe;
import dev.sconce.export.recipe.Recipes;
import dev.sconce.export.task.Task;
import dev.sconce.export.task.Tasks;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.emit.ConstantMethod;
import dev.sconce.graph.emit.ProgramEmitter;
import dev.sconce.graph.xnnpack.XnnpackPartitioner.Leftover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a checkpoint into a program.
 *
 * <pre>{@code
 * Export.from(Path.of("SmolLM2-135M-Instruct")).linear("8da4w").embedding("8w").to(Path.of("smollm2.pte"));
 * }</pre>
 *
 * <p>Immutable: every method returns a changed copy. Equal inputs give equal files.
 */
public final class Export {

  private final Path checkpoint;
  private final ExportOptions options;
  private final ProgramEmitter.Progress progress;

  private Export(Path checkpoint, ExportOptions options, ProgramEmitter.Progress progress) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.progress = progress;
  }

  /** Starts the export of a folder in Hugging Face layout, with default options. */
  public static Export from(Path checkpoint) {
    return new Export(checkpoint, ExportOptions.defaults(), (_, _, _) -> {});
  }

  /**
   * Starts the export of a model in the local cache of Hugging Face's tools.
   *
   * @param model the id, for example {@code HuggingFaceTB/SmolLM2-135M-Instruct}
   * @param revision a branch, a tag or a commit; {@link HubCache#MAIN} usually
   * @throws IOException if the cache cannot be read
   * @throws ExportException if it does not hold the model; nothing is downloaded
   */
  public static Export fromHub(String model, String revision) throws IOException {
    Path home = Path.of(System.getProperty("user.home", ""));
    return from(HubCache.of(System.getenv(), home).find(model, revision));
  }

  /** Returns an export with the given options. */
  public Export with(ExportOptions newOptions) {
    return new Export(checkpoint, newOptions, progress);
  }

  /** Returns an export that reports its progress. */
  public Export onProgress(ProgramEmitter.Progress listener) {
    return new Export(checkpoint, options, listener);
  }

  /** Returns an export for a task, for example {@code text-generation}. */
  public Export task(String task) {
    return with(options.toBuilder().task(task).build());
  }

  /** Returns an export with a recipe: {@code xnnpack} or {@code portable}. */
  public Export recipe(String recipe) {
    return with(options.toBuilder().recipe(recipe).build());
  }

  /** Returns an export with linear layers quantised: 8da4w, 8da8w, or 8da4w,8da8w. */
  public Export linear(String scheme) {
    return with(options.toBuilder().linear(scheme).build());
  }

  /** Returns an export with embeddings quantised: 8w or 4w. */
  public Export embedding(String scheme) {
    return with(options.toBuilder().embedding(scheme).build());
  }

  /** Returns an export whose caches hold a number of tokens. */
  public Export maxSequenceLength(int length) {
    return with(options.toBuilder().maxSequenceLength(length).build());
  }

  /** Returns an export of another element type: float32, float16 or bfloat16. */
  public Export dtype(DType dtype) {
    return with(options.toBuilder().dtype(dtype).build());
  }

  /**
   * Writes the program; the file appears when it is complete.
   *
   * @throws IOException if the checkpoint cannot be read or the file not be written
   * @throws ExportException if the checkpoint or an option is not supported
   */
  public ExportReport to(Path target) throws IOException {
    try (Checkpoint opened = Checkpoint.open(checkpoint)) {
      return export(opened, target);
    }
  }

  private ExportReport export(Checkpoint opened, Path target) throws IOException {
    Recipe recipe = Recipes.named(options.recipe());
    QuantizationPlan plan = new QuantizationPlan(options);
    if (plan.quantizesLinears() && !recipe.quantizesLinears()) {
      throw new ExportException(
          "linear scheme '" + options.linear().orElse("") + "'",
          "recipe " + recipe.name() + " cannot compute it; recipe xnnpack can");
    }
    Architecture architecture = Architectures.of(opened.config());
    String task = options.task().orElseGet(() -> Tasks.defaultOf(architecture, opened.config()));
    if (!architecture.tasks().contains(task)) {
      throw new ExportException(
          "task '" + task + "'",
          "model type %s can be exported for %s"
              .formatted(opened.config().string("model_type"), architecture.tasks()));
    }
    BlockOptions blocks =
        new BlockOptions(
            options.dtype(),
            options.customAttention().orElse(recipe.usesCustomOperators()),
            options.customCache().orElse(recipe.usesCustomOperators()),
            plan);
    Task exported = Tasks.named(task);
    Task.Shape shape = new Shapes(options, architecture, opened).of(exported);
    Weights weights = opened.weights();
    Model model =
        architecture.build(
            task, opened.config(), weights, new Architecture.Limits(shape.maxSequenceLength()));
    weights.checkAllTaken(architecture.ignoredTensors());
    List<Graph> methods = new ArrayList<>();
    List<Leftover> leftovers = new ArrayList<>();
    for (Graph method : exported.methods(model, blocks, shape)) {
      Recipe.Lowered lowered = recipe.lower(method);
      methods.add(StepCap.fill(lowered.graph()));
      leftovers.addAll(lowered.leftovers());
    }
    plan.checkUsed();
    List<ConstantMethod> constants = new ArrayList<>(exported.metadata(opened, blocks, shape));
    constants.addAll(GenerationInfo.of(opened.config(), shape, methods));
    ProgramEmitter.write(methods, constants, target, progress);
    return report(target, methods, plan, leftovers);
  }

  private static ExportReport report(
      Path target, List<Graph> methods, QuantizationPlan plan, List<Leftover> leftovers)
      throws IOException {
    int nodes = methods.stream().mapToInt(method -> method.everyNode().size()).sum();
    long delegates =
        methods.stream()
            .flatMap(method -> method.everyNode().stream())
            .filter(Node.Delegate.class::isInstance)
            .count();
    return new ExportReport(
        target,
        Files.size(target),
        nodes,
        (int) delegates,
        QuantizationReport.of(methods),
        plan.floating(),
        leftovers);
  }
}
