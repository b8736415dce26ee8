package dev.sconce.graph.memory;

import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;

/** Recognises calls whose result lies in the memory of their first operand. */
public final class Views {

  /** The operator that gives a tensor another shape without moving its data. */
  public static final String OPERATOR = "executorch_prim::et_view.default";

  private Views() {}

  /** Returns whether a call's result is a view. */
  public static boolean isView(Node.Call call) {
    return call.operator().fullName().equals(OPERATOR);
  }

  /** Returns what a view is a view of. */
  public static Value base(Node.Call call) {
    if (call.operand(0) instanceof Operand.Of(Value base)) {
      return base;
    }
    throw new IllegalArgumentException("a view of " + call.operand(0));
  }
}
