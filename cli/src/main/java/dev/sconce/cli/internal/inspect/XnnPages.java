package dev.sconce.cli.internal.inspect;

import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Fact;
import dev.sconce.cli.internal.report.Page;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnNode;
import dev.sconce.format.xnnpack.XnnNodeKind;
import dev.sconce.format.xnnpack.XnnValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The report of an XNNPACK blob on its own. */
final class XnnPages {

  private XnnPages() {}

  /** Returns the name of a kind without the prefix that all names have. */
  static String name(XnnNodeKind kind) {
    String name = kind.schemaName();
    return name.startsWith("XNN") ? name.substring("XNN".length()) : name;
  }

  static Map<String, Integer> nodeKinds(XnnGraph graph) {
    Histogram histogram = new Histogram();
    graph.nodes().forEach(node -> histogram.add(name(node.operation().kind())));
    return histogram.sorted();
  }

  static Page page(String file, long size, XnnGraph graph) {
    List<Section> sections = new ArrayList<>();
    sections.add(arguments(graph));
    sections.add(nodes(graph));
    XnnWeights weights = new XnnWeights();
    weights.add(0, graph);
    sections.add(weights.build());
    return new Page(
        FileFormat.XNNPACK.title(file, size),
        List.of(
            Fact.json("file", Cell.of(file)),
            Fact.json("format", Cell.of(FileFormat.XNNPACK.key())),
            Fact.json("bytes", Cell.of(size)),
            Fact.of(
                "identifier",
                "form",
                Cell.of(graph.identifier())
                    .shown(
                        graph.identifier()
                            + (graph.form() == XnnGraph.Form.HEADER
                                ? ", with a header"
                                : ", without a header"))),
            Fact.json("header", Cell.of(graph.form() == XnnGraph.Form.HEADER)),
            Fact.of("arguments", "arguments", Cell.of(graph.externs())),
            Fact.of("nodeKinds", "nodes", Histogram.cell(nodeKinds(graph))),
            Fact.of("values", "values", Cell.of(graph.values().size())),
            Fact.of("constants", "constants", Cell.of(Math.max(0, graph.constants().size() - 1)))),
        sections);
  }

  private static Rows arguments(XnnGraph graph) {
    Section.Builder rows =
        Rows.of(
            "externals",
            "arguments",
            Column.of("argument", ">#"),
            Column.of("value", ">value"),
            Column.of("role", "role"),
            Column.of("datatype", "type"),
            Column.of("sizes", "sizes, at most"),
            Column.of("quantization", "quantization"));
    for (XnnValue value : graph.values()) {
      if (value.externalId() != XnnGraph.NO_ID) {
        rows.row(
            Cell.of(value.externalId()),
            Cell.of(value.id()),
            Cell.of(value.isOutput() ? "output" : value.isInput() ? "input" : "unused"),
            Cell.of(value.datatype().name().toLowerCase(Locale.ROOT)),
            Cell.numbers(value.dims()),
            Cell.of(XnnWeights.describe(value.quantization())));
      }
    }
    return rows.build();
  }

  private static Rows nodes(XnnGraph graph) {
    Section.Builder rows =
        Rows.of(
            "nodes",
            "nodes",
            Column.of("index", ">#"),
            Column.of("kind", "kind"),
            Column.of("inputs", "inputs"),
            Column.of("outputs", "outputs"),
            Column.of("flags", ">flags"),
            Column.of("outputMin", ">min"),
            Column.of("outputMax", ">max"),
            Column.of("debugHandle", ">debug handle"));
    int index = 0;
    for (XnnNode node : graph.nodes()) {
      rows.row(
          Cell.of(index++),
          Cell.of(name(node.operation().kind())),
          ids(node.operation().inputs()),
          ids(node.operation().outputs()),
          Cell.of(node.operation().flags()),
          bound(node.outputMin()),
          bound(node.outputMax()),
          Cell.of(node.debugHandle()));
    }
    return rows.build();
  }

  private static Cell ids(List<Integer> ids) {
    return Cell.numbers(ids)
        .shown(ids.stream().map(String::valueOf).collect(Collectors.joining(", ")));
  }

  private static Cell bound(float bound) {
    return Float.isInfinite(bound) ? Cell.none() : Cell.of((double) bound);
  }
}
