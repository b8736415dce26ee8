package dev.sconce.graph.xnnpack;

import dev.sconce.graph.Node;
import java.util.Optional;

/** How one operator becomes nodes of XNNPACK. */
interface Lowering {

  /** Returns why a call of the operator cannot be lowered; empty if it can. */
  Optional<String> refusal(Node.Call call, Constants constants);

  /** Adds the nodes of a call that was not refused. */
  void lower(Node.Call call, Constants constants, XnnGraphBuilder builder);
}
