package dev.sconce.graph;

import dev.sconce.ops.OperatorSchema;
import java.util.List;

/** A step of a graph. */
public sealed interface Node {

  /** Returns the values that this node defines. */
  List<Value> results();

  /**
   * A call of a catalogue operator.
   *
   * <p>Arguments follow the schema without its {@code out} arguments; the results are what stands
   * in these. An operator that changes an argument in place has no results.
   *
   * @param operator the operator
   * @param operands one for each argument of the schema that is not {@code out}
   * @param results the values that the call defines, or the buffer that it writes: a buffer whose
   *     shape is symbolic takes the sizes of what is written
   */
  record Call(OperatorSchema operator, List<Operand> operands, List<Value> results)
      implements Node {

    /** Creates a call. */
    public Call {
      operands = List.copyOf(operands);
      results = List.copyOf(results);
    }

    /** Returns the only result. */
    public Value result() {
      if (results.size() != 1) {
        throw new IllegalStateException("expected one result, found " + this);
      }
      return results.getFirst();
    }

    /** Returns whether the call writes into a buffer instead of defining a value. */
    public boolean writesBuffer() {
      return results.stream().anyMatch(result -> result.kind() == Value.Kind.BUFFER);
    }

    /** Returns an operand. */
    public Operand operand(int index) {
      return operands.get(index);
    }
  }

  /**
   * A choice: one of two regions runs, and its yields become the results.
   *
   * @param condition a boolean, or a bool tensor that counts as true if all its elements are
   * @param then the region that runs if the condition holds
   * @param otherwise the region that runs if not
   * @param results one for each yield
   */
  record Branch(Value condition, Region then, Region otherwise, List<Value> results)
      implements Node {

    /** Creates a choice. */
    public Branch {
      results = List.copyOf(results);
      if (then.yields().size() != results.size() || otherwise.yields().size() != results.size()) {
        throw new IllegalArgumentException("expected both regions to yield one value a result");
      }
    }
  }

  /**
   * A loop that runs its body until a condition of the body holds; at least once.
   *
   * <p>What a round hands to the next lies in buffers and variables.
   *
   * @param body the region that is repeated
   * @param done a boolean or bool tensor that the body sets last
   */
  record Loop(Region body, Value done) implements Node {
    @Override
    public List<Value> results() {
      return List.of();
    }
  }

  /**
   * Sets a variable.
   *
   * @param variable the variable
   * @param value the number it takes
   */
  record Assign(Value variable, Operand value) implements Node {

    /** Creates an assignment. */
    public Assign {
      if (variable.kind() != Value.Kind.VARIABLE) {
        throw new IllegalArgumentException("expected a variable, found " + variable);
      }
    }

    @Override
    public List<Value> results() {
      return List.of();
    }
  }

  /**
   * A call of a subgraph that a backend runs.
   *
   * @param subgraph what the backend runs
   * @param inputs the tensors it reads
   * @param results the tensors it computes
   */
  record Delegate(Subgraph subgraph, List<Value> inputs, List<Value> results) implements Node {

    /** Creates a delegate call. */
    public Delegate {
      inputs = List.copyOf(inputs);
      results = List.copyOf(results);
    }
  }
}
