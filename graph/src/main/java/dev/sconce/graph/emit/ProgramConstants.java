package dev.sconce.graph.emit;

import dev.sconce.graph.ConstantData;
import dev.sconce.graph.Subgraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the methods of a program share: constants by identity, and compiled subgraphs. */
final class ProgramConstants {

  private final Map<String, Integer> indices = new LinkedHashMap<>();
  private final List<ConstantData> constants = new ArrayList<>();
  private final List<Subgraph> subgraphs = new ArrayList<>();

  /** Returns the index by which tensors refer to a constant; 0 is the placeholder. */
  int indexOf(ConstantData data) {
    return indices.computeIfAbsent(
        data.identity(),
        _ -> {
          constants.add(data);
          return constants.size();
        });
  }

  /** Returns the number of a subgraph among all of the program. */
  int indexOf(Subgraph subgraph) {
    int known = subgraphs.indexOf(subgraph);
    if (known >= 0) {
      return known;
    }
    subgraphs.add(subgraph);
    return subgraphs.size() - 1;
  }

  /** Returns the constants in the order of their indices, from 1. */
  List<ConstantData> constants() {
    return constants;
  }

  /** Returns the subgraphs in order. */
  List<Subgraph> subgraphs() {
    return subgraphs;
  }
}
