package dev.sconce.graph;

import java.util.List;

/**
 * A straight run of nodes, with the values it hands out.
 *
 * @param nodes the nodes in order of execution
 * @param yields the values that the region's owner sees; empty for the body of a loop
 */
public record Region(List<Node> nodes, List<Operand> yields) {

  /** Creates a region. */
  public Region {
    nodes = List.copyOf(nodes);
    yields = List.copyOf(yields);
  }
}
