package dev.sconce.export;

import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.quantize.QuantizedMatrix;
import dev.sconce.graph.quantize.QuantizedMatrix.PartError;
import dev.sconce.graph.quantize.WeightScheme;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what was quantised from methods that were written. */
final class QuantizationReport {

  /** What is known of one matrix; several methods may share it, and one of them wrote it. */
  private static final class Entry {
    private final QuantizedMatrix matrix;
    private final Map<String, Long> parts = new LinkedHashMap<>();
    private List<PartError> errors = List.of();

    Entry(QuantizedMatrix matrix) {
      this.matrix = matrix;
    }
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private QuantizationReport() {}

  static List<ExportReport.Quantized> of(List<Graph> methods) {
    QuantizationReport report = new QuantizationReport();
    for (Graph method : methods) {
      method.parameters().forEach(parameter -> report.add(parameter.data()));
      report.addAll(method.nodes());
    }
    List<ExportReport.Quantized> quantized = new ArrayList<>();
    for (Entry entry : report.entries.values()) {
      long bytes = entry.parts.values().stream().mapToLong(Long::longValue).sum();
      int rows = entry.matrix.weights().rows();
      for (PartError part : entry.errors) {
        // All rows of a matrix take the same room.
        quantized.add(
            new ExportReport.Quantized(
                part.weights().identity(),
                describe(entry.matrix.scheme()),
                bytes / rows * part.weights().rows(),
                part.relativeError()));
      }
    }
    return quantized;
  }

  private void addAll(List<Node> nodes) {
    for (Node node : nodes) {
      switch (node) {
        case Node.Delegate delegate -> delegate.subgraph().constants().forEach(this::add);
        case Node.Branch branch -> {
          addAll(branch.then().nodes());
          addAll(branch.otherwise().nodes());
        }
        case Node.Loop loop -> addAll(loop.body().nodes());
        case Node.Call _, Node.Assign _ -> {}
      }
    }
  }

  private void add(ConstantData data) {
    QuantizedMatrix.of(data)
        .ifPresent(
            matrix -> {
              String key = matrix.weights().identity() + " " + matrix.scheme();
              Entry entry = entries.computeIfAbsent(key, _ -> new Entry(matrix));
              entry.parts.put(data.identity(), data.byteSize());
              entry.errors = matrix.errors().isEmpty() ? entry.errors : matrix.errors();
            });
  }

  private static String describe(WeightScheme scheme) {
    return "int%d, a scale a %s, %s"
        .formatted(
            scheme.bits(),
            scheme.groupSize() == 0 ? "row" : "group of " + scheme.groupSize(),
            switch (scheme.scales()) {
              case HQQ -> "hqq";
              case ABSMAX -> "absmax";
            });
  }
}
