package dev.sconce.graph.pass;

import dev.sconce.graph.Author;
import dev.sconce.graph.Node;
import dev.sconce.graph.Value;
import java.util.Optional;

/** Replaces calls that have one result. */
@FunctionalInterface
public interface CallRule {

  /**
   * Looks at a call; writes what takes its place if the rule fires.
   *
   * @param author writes the new nodes
   * @return the value of the same type that takes the place of the call's result; empty, with
   *     nothing written, if the rule does not fire
   */
  Optional<Value> rewrite(Node.Call call, Author author);
}
