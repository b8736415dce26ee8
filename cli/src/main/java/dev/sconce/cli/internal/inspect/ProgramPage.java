package dev.sconce.cli.internal.inspect;

import dev.sconce.base.InvalidInputException;
import dev.sconce.cli.internal.inspect.DelegateBlobs.DelegateBlob;
import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Fact;
import dev.sconce.cli.internal.report.Page;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Notes;
import dev.sconce.cli.internal.report.Section.Pages;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.pte.BackendDelegate;
import dev.sconce.format.pte.CompileSpec;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.Instruction;
import dev.sconce.format.pte.Instruction.KernelCall;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteHeader;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.ops.OperatorCatalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The report of a program. */
final class ProgramPage {

  private final PteFile file;
  private final InspectOptions options;
  private final List<ExecutionPlan> getters = new ArrayList<>();
  private final List<Calls> methods = new ArrayList<>();
  private final DelegateBlobs blobs;

  private ProgramPage(PteFile file, InspectOptions options) {
    this.file = file;
    this.options = options;
    List<ExecutionPlan> plans = selected(file, options);
    this.blobs = new DelegateBlobs(file, plans);
    for (ExecutionPlan plan : plans) {
      if (Getters.isGetter(plan)) {
        getters.add(plan);
      } else {
        methods.add(new Calls(plan, blobs));
      }
    }
  }

  static Inspection inspect(PteFile file, String name, InspectOptions options) {
    ProgramPage page = new ProgramPage(file, options);
    return new Inspection(
        page.page(name),
        page.blobs.all().stream()
            .map(DelegateBlob::problem)
            .flatMap(problem -> Optional.ofNullable(problem).stream())
            .findFirst());
  }

  private static List<ExecutionPlan> selected(PteFile file, InspectOptions options) {
    String method = options.method();
    if (method == null) {
      return file.program().plans();
    }
    Optional<ExecutionPlan> plan = file.program().plan(method);
    if (plan.isEmpty()) {
      throw new InvalidInputException(
          "inspect",
          "--method",
          "one of "
              + file.program().plans().stream()
                  .map(ExecutionPlan::name)
                  .limit(50)
                  .collect(Collectors.joining(", ")),
          method);
    }
    return List.of(plan.get());
  }

  private Page page(String name) {
    PteHeader header = file.header();
    long size = file.bytes().size();
    List<Section> sections = new ArrayList<>();
    sections.add(
        new Pages("methods", methods.stream().map(m -> MethodPage.of(m, options)).toList()));
    sections.add(Getters.rows(file, getters));
    sections.add(operators());
    sections.add(delegates());
    sections.add(blobs());
    XnnWeights weights = new XnnWeights();
    for (DelegateBlob blob : blobs.all()) {
      XnnGraph graph = blob.graph();
      if (graph != null) {
        weights.add(blob.index(), graph);
      }
    }
    sections.add(weights.summary());
    sections.add(weights.build());
    sections.add(Constants.rows(file, methods, getters));
    sections.add(Storage.summary(file));
    sections.add(Storage.segments(file));
    sections.add(Storage.namedData(file, blobs));
    sections.add(new Notes("warnings", "warnings", Warnings.of(file, methods, getters, blobs)));
    return new Page(
        FileFormat.PTE.title(name, size),
        List.of(
            Fact.json("file", Cell.of(name)),
            Fact.json("format", Cell.of(FileFormat.PTE.key())),
            Fact.json("bytes", Cell.of(size)),
            Fact.json("version", Cell.of(file.program().version())),
            Fact.json("header", Cell.of(header.form().name().toLowerCase(Locale.ROOT))),
            Fact.of("programBytes", "program table", Cell.bytes(header.programSize())),
            Fact.json("segmentBase", Cell.of(header.segmentBase())),
            Fact.of("segmentBytes", "segments", Cell.bytes(Storage.segmentBytes(file))),
            Fact.json("inlineConstants", Cell.of(file.program().usesInlineConstants()))),
        sections);
  }

  private Rows operators() {
    Map<String, Histogram> methodsOf = new TreeMap<>();
    Histogram calls = new Histogram();
    for (Calls method : methods) {
      for (var chain : method.plan().chains()) {
        for (Instruction instruction : chain.instructions()) {
          if (instruction instanceof KernelCall(int operator, _)) {
            String name = method.plan().operators().get(operator).fullName();
            calls.add(name);
            methodsOf.computeIfAbsent(name, _ -> new Histogram()).add(method.plan().name());
          }
        }
      }
    }
    Section.Builder rows =
        Rows.of(
            "operators",
            "operators",
            Column.of("name", "operator"),
            Column.of("calls", ">calls"),
            Column.of("known", ""),
            Column.of("callsByMethod", methods.size() > 1 ? "by method" : ""));
    calls
        .sorted()
        .forEach(
            (name, count) -> {
              boolean known = OperatorCatalogue.standard().find(name).isPresent();
              rows.row(
                  Cell.of(name),
                  Cell.of(count),
                  Cell.of(known),
                  Histogram.cell(methodsOf.getOrDefault(name, new Histogram()).sorted()));
            });
    return rows.build();
  }

  private Rows delegates() {
    Section.Builder rows =
        Rows.of(
            "delegates",
            "delegates",
            Column.of("method", "method"),
            Column.of("index", ">#"),
            Column.of("id", "backend"),
            Column.of("blob", ">blob"),
            Column.of("bytes", ">size"),
            Column.of("calls", ">calls"),
            Column.of("compileSpecs", "options"),
            Column.text("nodes"));
    for (Calls method : methods) {
      int[] calls = new int[method.plan().delegates().size()];
      for (var chain : method.plan().chains()) {
        for (Instruction instruction : chain.instructions()) {
          if (instruction instanceof Instruction.DelegateCall(int delegate, _)) {
            calls[delegate]++;
          }
        }
      }
      for (int i = 0; i < calls.length; i++) {
        BackendDelegate delegate = method.plan().delegates().get(i);
        DelegateBlob blob = blobs.of(delegate);
        List<String> specs = delegate.compileSpecs().stream().map(CompileSpec::key).toList();
        rows.row(
            Cell.of(method.plan().name()),
            Cell.of(i),
            Cell.of(delegate.id()),
            Cell.of(blob.index()),
            Cell.bytes(blob.bytes().size()),
            Cell.of(calls[i]),
            Cell.texts(specs),
            nodes(blob));
      }
    }
    return rows.build();
  }

  private Rows blobs() {
    Section.Builder rows =
        Rows.of(
            "blobs",
            "", // people see them with the delegates
            Column.json("index"),
            Column.json("id"),
            Column.json("bytes"),
            Column.json("inline"),
            Column.json("place"),
            Column.json("nodes"),
            Column.json("problem"));
    for (DelegateBlob blob : blobs.all()) {
      var problem = blob.problem();
      rows.row(
          Cell.of(blob.index()),
          Cell.of(blob.id()),
          Cell.bytes(blob.bytes().size()),
          Cell.of(blob.inline()),
          Cell.of(blob.place()),
          nodes(blob),
          problem == null ? Cell.none() : Cell.of(problem.getMessage()));
    }
    return rows.build();
  }

  private static Cell nodes(DelegateBlob blob) {
    XnnGraph graph = blob.graph();
    return graph == null ? Cell.none() : Histogram.cell(XnnPages.nodeKinds(graph));
  }
}
