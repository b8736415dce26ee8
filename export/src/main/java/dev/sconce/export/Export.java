package dev.sconce.export;

import dev.sconce.base.DType;
import dev.sconce.base.ExportException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.export.architecture.Architecture;
import dev.sconce.export.architecture.Architectures;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Model;
import dev.sconce.export.checkpoint.Checkpoint;
import dev.sconce.export.checkpoint.CheckpointHashes;
import dev.sconce.export.checkpoint.HubCache;
import dev.sconce.export.checkpoint.Weights;
import dev.sconce.export.generation.StepCap;
import dev.sconce.export.internal.check.Checker;
import dev.sconce.export.internal.selftest.SchemeTolerance;
import dev.sconce.export.internal.selftest.SelfTestMaker;
import dev.sconce.export.recipe.Recipe;
import dev.sconce.export.recipe.Recipes;
import dev.sconce.export.task.CarriedFiles;
import dev.sconce.export.task.GenerationInfo;
import dev.sconce.export.task.Provenance;
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
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  // How far answers may be off, relative to the largest: sums in another order for float32; a
  // rounding a step for the half types.
  private static final double FLOAT32_TOLERANCE = 2e-4;
  private static final double FLOAT16_TOLERANCE = 2e-2;
  private static final double BFLOAT16_TOLERANCE = 1e-1;

  private final Path checkpoint;
  private final ExportOptions options;
  private final ProgramEmitter.Progress progress;
  private final boolean checked;
  private final boolean selfTests;

  private Export(
      Path checkpoint,
      ExportOptions options,
      ProgramEmitter.Progress progress,
      boolean checked,
      boolean selfTests) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.progress = progress;
    this.checked = checked;
    this.selfTests = selfTests;
  }

  /** Starts the export of a folder in Hugging Face layout, with default options. */
  public static Export from(Path checkpoint) {
    return new Export(checkpoint, ExportOptions.defaults(), (_, _, _) -> {}, true, true);
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
    return new Export(checkpoint, newOptions, progress, checked, selfTests);
  }

  /** Returns an export that reports its progress. */
  public Export onProgress(ProgramEmitter.Progress listener) {
    return new Export(checkpoint, options, listener, checked, selfTests);
  }

  /** Returns an export that compares what it wrote with a reference before the file appears. */
  public Export checked(boolean check) {
    return new Export(checkpoint, options, progress, check, selfTests);
  }

  /**
   * Returns an export that puts tests of the program into its file, or does not; it does unless
   * told.
   */
  public Export selfTests(boolean wanted) {
    return new Export(checkpoint, options, progress, checked, wanted);
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
   * Writes the program; the file appears when it is complete and, unless that was switched off,
   * checked.
   *
   * @throws IOException if the checkpoint cannot be read or the file not be written
   * @throws ExportException if the checkpoint or an option is not supported, or the program's
   *     answers are not those of the checkpoint
   */
  public ExportReport to(Path target) throws IOException {
    try (Checkpoint opened = Checkpoint.open(checkpoint)) {
      return checked ? writeChecked(opened, target) : write(opened, target);
    }
  }

  /**
   * Compares a program that was written with these options before with a reference.
   *
   * @throws IOException if the checkpoint cannot be read
   * @throws ExportException if the checkpoint or an option is not supported
   */
  public SelfCheck check(Path program) throws IOException {
    try (Checkpoint opened = Checkpoint.open(checkpoint)) {
      return check(opened, program);
    }
  }

  /** Returns the methods as they are authored, before any pass; their weights are not readable. */
  List<Graph> methods() throws IOException {
    try (Checkpoint opened = Checkpoint.open(checkpoint)) {
      return author(opened, true).methods();
    }
  }

  private ExportReport writeChecked(Checkpoint opened, Path target) throws IOException {
    Path unchecked = target.resolveSibling(target.getFileName() + ".unchecked");
    try {
      ExportReport report = write(opened, unchecked);
      SelfCheck check = check(opened, unchecked);
      if (!check.passed()) {
        throw new ExportException(
            "self-check",
            check.worst().map(Object::toString).orElse("nothing was compared")
                + "; the program was not kept");
      }
      Files.move(unchecked, target, StandardCopyOption.ATOMIC_MOVE);
      return report.with(target, check);
    } finally {
      Files.deleteIfExists(unchecked);
    }
  }

  private SelfCheck check(Checkpoint opened, Path program) throws IOException {
    // Plain operators: so the custom ones are checked, too.
    Authored authored = author(opened, false);
    return new Checker(authored.methods(), tolerance())
        .check(program, authored.task().sampleCalls(opened, authored.methods(), authored.shape()));
  }

  private double tolerance() {
    return switch (options.dtype()) {
      case BFLOAT16 -> BFLOAT16_TOLERANCE;
      case FLOAT16 -> FLOAT16_TOLERANCE;
      default -> FLOAT32_TOLERANCE;
    };
  }

  /**
   * A model's methods before any pass.
   *
   * @param task the task
   * @param shape the sizes
   * @param blocks the choices that blocks heeded
   * @param plan what was quantised
   * @param methods the methods
   */
  private record Authored(
      Task task,
      Task.Shape shape,
      BlockOptions blocks,
      QuantizationPlan plan,
      List<Graph> methods) {}

  private Authored author(Checkpoint opened, boolean customOperators) throws IOException {
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
            customOperators && options.customAttention().orElse(recipe.usesCustomOperators()),
            customOperators && options.customCache().orElse(recipe.usesCustomOperators()),
            plan);
    Task exported = Tasks.named(task);
    Task.Shape shape = new Shapes(options, architecture, opened).of(exported);
    Weights weights = opened.weights();
    Model model =
        architecture.build(
            task, opened.config(), weights, new Architecture.Limits(shape.maxSequenceLength()));
    weights.checkAllTaken(architecture.ignoredTensors());
    List<Graph> methods = exported.methods(model, blocks, shape);
    plan.checkUsed();
    return new Authored(exported, shape, blocks, plan, methods);
  }

  private ExportReport write(Checkpoint opened, Path target) throws IOException {
    try (CheckpointHashes hashes = CheckpointHashes.of(opened)) {
      return write(opened, hashes, target);
    }
  }

  private ExportReport write(Checkpoint opened, CheckpointHashes hashes, Path target)
      throws IOException {
    Authored authored = author(opened, true);
    Recipe recipe = Recipes.named(options.recipe());
    List<Graph> methods = new ArrayList<>();
    List<Leftover> leftovers = new ArrayList<>();
    for (Graph method : authored.methods()) {
      Recipe.Lowered lowered = recipe.lower(method);
      methods.add(StepCap.fill(lowered.graph()));
      leftovers.addAll(lowered.leftovers());
    }
    List<ConstantMethod> constants =
        new ArrayList<>(authored.task().metadata(opened, authored.blocks(), authored.shape()));
    JsonObject made = made(opened, authored.task().name());
    JsonObject tolerance = SchemeTolerance.of(options).toJson();
    constants.addAll(
        GenerationInfo.of(opened.config(), authored.shape(), methods, made, tolerance));
    Optional<JsonObject> settings =
        options.generationConfig().isPresent()
            ? Optional.of(Json.readObject(options.generationConfig().get()))
            : Optional.empty();
    CarriedFiles carried = CarriedFiles.of(opened, settings);
    constants.addAll(carried.methods());
    constants.add(Provenance.of(hashes, made));
    hashes.start();
    List<String> warnings = new ArrayList<>();
    if (selfTests) {
      SelfTestMaker maker =
          SelfTestMaker.of(
              options, carried.tokenizer(), opened.config().optionalInteger("vocab_size"));
      ProgramEmitter.write(methods, constants, maker, target, progress);
      maker.withoutGreedyTranscript().ifPresent(warnings::add);
    } else {
      ProgramEmitter.write(methods, constants, target, progress);
    }
    return report(target, methods, authored.plan(), leftovers, warnings);
  }

  /** Returns what a program's provenance says of its export. */
  private JsonObject made(Checkpoint opened, String task) {
    JsonObject.Builder made = JsonObject.builder();
    made.put("exporter", "sconce");
    made.put("model_type", opened.config().string("model_type"));
    made.put("task", task);
    made.put("recipe", options.recipe());
    made.put("dtype", options.dtype().torchName());
    options.linear().ifPresent(scheme -> made.put("linear", scheme));
    options.embedding().ifPresent(scheme -> made.put("embedding", scheme));
    return made.build();
  }

  private static ExportReport report(
      Path target,
      List<Graph> methods,
      QuantizationPlan plan,
      List<Leftover> leftovers,
      List<String> warnings)
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
        leftovers,
        warnings,
        Optional.empty());
  }
}
