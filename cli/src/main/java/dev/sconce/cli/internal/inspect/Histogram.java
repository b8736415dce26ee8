package dev.sconce.cli.internal.inspect;

import dev.sconce.base.json.JsonObject;
import dev.sconce.cli.internal.report.Cell;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.Instruction;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts by name, the greatest first, equal ones by name. */
final class Histogram {

  private final Map<String, Integer> counts = new TreeMap<>();

  void add(String name) {
    counts.merge(name, 1, Integer::sum);
  }

  Map<String, Integer> sorted() {
    Map<String, Integer> sorted = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  static Map<String, Integer> ofInstructions(ExecutionPlan plan) {
    Histogram histogram = new Histogram();
    for (Chain chain : plan.chains()) {
      for (Instruction instruction : chain.instructions()) {
        histogram.add(Instructions.kind(instruction));
      }
    }
    return histogram.sorted();
  }

  /** Returns counts as a cell: {@code a 3, b 1}. */
  static Cell cell(Map<String, Integer> counts) {
    JsonObject.Builder json = JsonObject.builder();
    counts.forEach(json::put);
    return new Cell(
        counts.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", ")),
        json.build());
  }
}
