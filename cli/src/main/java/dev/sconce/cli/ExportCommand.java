package dev.sconce.cli;

import dev.sconce.base.DType;
import dev.sconce.base.ExportException;
import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.HumanSize;
import dev.sconce.cli.internal.JsonOption;
import dev.sconce.cli.internal.OutputFile;
import dev.sconce.cli.internal.ProgressBar;
import dev.sconce.cli.internal.Table;
import dev.sconce.export.Export;
import dev.sconce.export.ExportOptions;
import dev.sconce.export.ExportReport;
import dev.sconce.export.SelfCheck;
import dev.sconce.export.checkpoint.HubCache;
import dev.sconce.generate.selftest.SelfTestBundle;
import dev.sconce.graph.quantize.WeightScheme.ScaleChoice;
import dev.sconce.graph.xnnpack.XnnpackPartitioner.Leftover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Exports a checkpoint; flags are spelled as optimum-cli spells them, and in kebab case. */
@Command(name = "export", description = "Turn a Hugging Face checkpoint into a program.")
final class ExportCommand implements Callable<Integer> {

  private enum FloatType {
    FLOAT32(DType.FLOAT32),
    FLOAT16(DType.FLOAT16),
    BFLOAT16(DType.BFLOAT16);

    private final DType dtype;

    FloatType(DType dtype) {
      this.dtype = dtype;
    }
  }

  private final Console console;

  @Mixin private JsonOption json = new JsonOption();

  @Parameters(
      paramLabel = "MODEL",
      description = "The checkpoint's folder, or a model id in the local Hugging Face cache.")
  private String model = "";

  @Option(
      names = "--revision",
      defaultValue = HubCache.MAIN,
      description = "Branch, tag or commit of a model id (default: ${DEFAULT-VALUE}).")
  private String revision = HubCache.MAIN;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The program to write.")
  private Path output = Path.of("");

  @Option(names = "--task", description = "The task; by default what the checkpoint was made for.")
  private @Nullable String task;

  @Option(
      names = "--recipe",
      defaultValue = "xnnpack",
      description = "xnnpack or portable (default: ${DEFAULT-VALUE}).")
  private String recipe = "xnnpack";

  @Option(
      names = "--dtype",
      defaultValue = "FLOAT32",
      description = "float32, float16 or bfloat16 (default: float32).")
  private FloatType dtype = FloatType.FLOAT32;

  @Option(
      names = "--qlinear",
      paramLabel = "SCHEME",
      description = "Quantise linear layers: 8da4w, 8da8w, 8w, 4w, or e.g. 8da4w,8da8w.")
  private @Nullable String linear;

  @Option(
      names = {"--qlinear_group_size", "--qlinear-group-size"},
      paramLabel = "N",
      defaultValue = "32",
      description = "Weights that share a scale; 0 for a row (default: ${DEFAULT-VALUE}).")
  private int linearGroupSize = 32;

  @Option(
      names = {"--qlinear_layers", "--qlinear-layers"},
      paramLabel = "GLOB=SCHEME",
      description = "Another scheme, or none, for layers whose weight's name matches.")
  private Map<String, String> linearOverrides = new LinkedHashMap<>();

  @Option(names = "--qembedding", paramLabel = "SCHEME", description = "8w or 4w.")
  private @Nullable String embedding;

  @Option(
      names = {"--qembedding_group_size", "--qembedding-group-size"},
      paramLabel = "N",
      defaultValue = "0",
      description = "Weights that share a scale; 0 for a row (default: ${DEFAULT-VALUE}).")
  private int embeddingGroupSize;

  @Option(
      names = "--scales",
      defaultValue = "HQQ",
      description = "How scales are chosen: hqq or absmax (default: hqq).")
  private ScaleChoice scales = ScaleChoice.HQQ;

  @Option(
      names = {"--max_seq_len", "--max-seq-len"},
      paramLabel = "N",
      description = "Tokens that the caches hold (default: 2048, or what the model has learned).")
  private @Nullable Integer maxSequenceLength;

  @Option(
      names = {"--max_hidden_seq_len", "--max-hidden-seq-len"},
      paramLabel = "N",
      description =
          "Tokens that a source may have (encoder-decoder; default: 1024, or what the model has"
              + " learned).")
  private @Nullable Integer maxSourceLength;

  @Option(
      names = {"--upstream_io", "--upstream-io"},
      description =
          "Give encoder and text_decoder the inputs that optimum-executorch's classes pass: no"
              + " masks, one source, keys and values of the source made anew by every step.")
  private boolean upstreamIo;

  @Option(
      names = {"--disable_dynamic_shapes", "--disable-dynamic-shapes"},
      description = "One token a call.")
  private boolean staticShapes;

  @Option(
      names = {"--all_logits", "--all-logits"},
      description = "Return logits of every position, not of the last alone.")
  private boolean allLogits;

  @Option(
      names = {"--use_custom_sdpa", "--use-custom-sdpa"},
      arity = "0..1",
      fallbackValue = "true",
      description = "Use llama::custom_sdpa (default: with recipe xnnpack).")
  private @Nullable Boolean customAttention;

  @Option(
      names = {"--use_custom_kv_cache", "--use-custom-kv-cache"},
      arity = "0..1",
      fallbackValue = "true",
      description = "Use llama::update_cache (default: with recipe xnnpack).")
  private @Nullable Boolean customCache;

  @Option(
      names = {"--no-embed", "--no_embed"},
      description = "Leave out the methods that generate.")
  private boolean notEmbedded;

  @Option(
      names = {"--generation-config", "--generation_config"},
      paramLabel = "FILE",
      description = "Defaults and rules of generation; by default the checkpoint's.")
  private @Nullable Path generationConfig;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Rows that a call of generate, or of an encoder, may have (default: ${DEFAULT-VALUE}).")
  private int batch = 1;

  @Option(
      names = "--beams",
      paramLabel = "K",
      description = "Beams that a row of generate_beam may have.")
  private @Nullable Integer beams;

  @Option(
      names = "--check",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Compare the program's answers with the checkpoint's (default: yes).")
  private boolean check = true;

  @Option(
      names = "--no-self-tests",
      description = "Do not put tests into the program, which sconce verify would run.")
  private boolean noSelfTests;

  @Option(
      names = "--bundle",
      paramLabel = "FILE",
      description = "Also write a .bpte: the program and its self-tests for the official runtime.")
  private @Nullable Path bundle;

  @Option(names = "--report", description = "Show what was quantised, with errors.")
  private boolean report;

  @Option(names = "--explain", description = "Show why calls stay outside of the backend.")
  private boolean explain;

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (bundle != null && noSelfTests) {
      throw new InvalidInputException(
          "export", "--bundle", "self-tests to bundle", "--no-self-tests");
    }
    OutputFile.check("export", "--output", output, Path.of(model));
    if (bundle != null) {
      OutputFile.check("export", "--bundle", bundle, Path.of(model), output);
    }
    long start = System.nanoTime();
    ExportReport done = run();
    if (bundle != null) {
      SelfTestBundle.write(output, bundle);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (json.wanted()) {
      console.json(json(done, seconds));
    } else {
      print(done, seconds);
    }
    return ExitCode.OK;
  }

  private ExportReport run() throws IOException {
    ProgressBar bar = console.progressBar();
    try {
      return source()
          .with(options())
          .checked(check)
          .selfTests(!noSelfTests)
          .onProgress((_, written, all) -> bar.update(written, all))
          .to(output);
    } finally {
      bar.finish();
    }
  }

  /** A folder goes before an id of the same spelling. */
  private Export source() throws IOException {
    if (Files.isRegularFile(Path.of(model))) {
      throw new ExportException(
          "model '" + model + "'", "is a file; expected the folder that holds config.json");
    }
    boolean local = Files.isDirectory(Path.of(model)) || !HubCache.isModelId(model);
    if (local && !revision.equals(HubCache.MAIN)) {
      throw new ExportException("option --revision", "a folder has none");
    }
    return local ? Export.from(Path.of(model)) : Export.fromHub(model, revision);
  }

  private ExportOptions options() {
    ExportOptions.Builder builder =
        ExportOptions.defaults().toBuilder()
            .recipe(recipe)
            .dtype(dtype.dtype)
            .linearGroupSize(linearGroupSize)
            .embeddingGroupSize(embeddingGroupSize)
            .scales(scales)
            .upstreamIo(upstreamIo)
            .dynamicShapes(!staticShapes)
            .allLogits(allLogits)
            .embedded(!notEmbedded)
            .batch(batch);
    if (generationConfig != null) {
      builder.generationConfig(generationConfig);
    }
    if (beams != null) {
      builder.beams(beams);
    }
    if (task != null) {
      builder.task(task);
    }
    if (linear != null) {
      builder.linear(linear);
    }
    linearOverrides.forEach(builder::linearOverride);
    if (embedding != null) {
      builder.embedding(embedding);
    }
    if (maxSequenceLength != null) {
      builder.maxSequenceLength(maxSequenceLength);
    }
    if (maxSourceLength != null) {
      builder.maxSourceLength(maxSourceLength);
    }
    if (customAttention != null) {
      builder.customAttention(customAttention);
    }
    if (customCache != null) {
      builder.customCache(customCache);
    }
    return builder.build();
  }

  private void print(ExportReport done, double seconds) {
    console.print(
        Table.plain()
            .row("wrote", done.file().toString())
            .row("size", HumanSize.of(done.bytes()))
            .row("steps", "%d, of which %d delegates".formatted(done.nodes(), done.delegates()))
            .row("time", String.format(Locale.ROOT, "%.1f s", seconds)));
    done.check().ifPresent(this::printCheck);
    done.warnings().forEach(console::warn);
    for (String name : done.floating()) {
      console.print(Table.plain().row("stays floating", name + ": no scheme fits its width"));
    }
    if (report) {
      printQuantized(done);
    }
    if (explain) {
      Table table = Table.of(">calls", "operator", "stays outside because");
      grouped(done.leftovers())
          .forEach(
              (reason, count) ->
                  table.row(Integer.toString(count), reason.operator(), reason.reason()));
      console.print(table);
    }
  }

  private void printCheck(SelfCheck done) {
    String result =
        done.worst()
            .map(
                worst ->
                    String.format(
                        Locale.ROOT,
                        "%d outputs within %.1e of the reference, tolerance %.1e",
                        done.outputs().size(),
                        worst.difference(),
                        worst.tolerance()))
            .orElse("nothing was compared");
    console.print(Table.plain().row("check", result));
  }

  private void printQuantized(ExportReport done) {
    Table table = Table.of("weight", "scheme", ">size", ">relative error");
    for (ExportReport.Quantized matrix : done.quantized()) {
      table.row(
          matrix.name(),
          matrix.scheme(),
          HumanSize.of(matrix.bytes()),
          String.format(Locale.ROOT, "%.4f", matrix.relativeError()));
    }
    console.print(table);
  }

  /** Why calls of an operator stay outside. */
  private record Reason(String operator, String reason) {}

  private static Map<Reason, Integer> grouped(List<Leftover> leftovers) {
    Map<Reason, Integer> counts =
        new TreeMap<>(Comparator.comparing(Reason::operator).thenComparing(Reason::reason));
    for (Leftover leftover : leftovers) {
      // Names of values tell calls apart; in a summary they would hide that the reason is one.
      String reason = leftover.reason().replaceAll("%\\S+ is", "an operand is");
      counts.merge(new Reason(leftover.operator(), reason), 1, Integer::sum);
    }
    return counts;
  }

  private static JsonObject json(ExportReport report, double seconds) {
    List<JsonValue> floating = new ArrayList<>();
    report.floating().forEach(name -> floating.add(new JsonString(name)));
    List<JsonValue> leftovers = new ArrayList<>();
    for (Leftover leftover : report.leftovers()) {
      leftovers.add(
          JsonObject.builder()
              .put("operator", leftover.operator())
              .put("result", leftover.result())
              .put("reason", leftover.reason())
              .build());
    }
    List<JsonValue> warnings = new ArrayList<>();
    report.warnings().forEach(warning -> warnings.add(new JsonString(warning)));
    List<JsonValue> check = new ArrayList<>();
    report.check().map(SelfCheck::outputs).orElse(List.of()).forEach(o -> check.add(json(o)));
    List<JsonValue> quantized = new ArrayList<>();
    for (ExportReport.Quantized matrix : report.quantized()) {
      quantized.add(
          JsonObject.builder()
              .put("name", matrix.name())
              .put("scheme", matrix.scheme())
              .put("bytes", matrix.bytes())
              .put("relativeError", matrix.relativeError())
              .build());
    }
    return JsonObject.builder()
        .put("file", report.file().toString())
        .put("bytes", report.bytes())
        .put("steps", report.nodes())
        .put("delegates", report.delegates())
        .put("seconds", seconds)
        .put("quantized", new JsonArray(quantized))
        .put("floating", new JsonArray(floating))
        .put("leftovers", new JsonArray(leftovers))
        .put("warnings", new JsonArray(warnings))
        .put("check", new JsonArray(check))
        .build();
  }

  private static JsonObject json(SelfCheck.Output output) {
    return JsonObject.builder()
        .put("method", output.method())
        .put("call", output.call())
        .put("output", output.output())
        .put("difference", output.difference())
        .put("tolerance", output.tolerance())
        .build();
  }
}
