package dev.sconce.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * One method of a program before it is emitted.
 *
 * @param name the method's name
 * @param symbols the integers that are known only at run time
 * @param inputs the inputs in order
 * @param parameters the constants that nodes refer to
 * @param buffers the tensors that keep their contents from call to call; they start at zero
 * @param variables the numbers that nodes set
 * @param nodes the steps in order of execution
 * @param outputs the outputs in order
 */
public record Graph(
    String name,
    List<Symbol> symbols,
    List<Value> inputs,
    List<Parameter> parameters,
    List<Value> buffers,
    List<Value> variables,
    List<Node> nodes,
    List<Value> outputs) {

  /** Creates a graph. */
  public Graph {
    symbols = List.copyOf(symbols);
    inputs = List.copyOf(inputs);
    parameters = List.copyOf(parameters);
    buffers = List.copyOf(buffers);
    variables = List.copyOf(variables);
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
  }

  /** Returns this graph with other nodes. */
  public Graph withNodes(List<Node> newNodes) {
    return new Graph(name, symbols, inputs, parameters, buffers, variables, newNodes, outputs);
  }

  /** Returns this graph with other nodes and outputs. */
  public Graph withNodes(List<Node> newNodes, List<Value> newOutputs) {
    return new Graph(name, symbols, inputs, parameters, buffers, variables, newNodes, newOutputs);
  }

  /** Returns this graph with other parameters. */
  public Graph withParameters(List<Parameter> newParameters) {
    return new Graph(name, symbols, inputs, newParameters, buffers, variables, nodes, outputs);
  }

  /** Returns the nodes in order, those inside of regions included. */
  public List<Node> everyNode() {
    List<Node> all = new ArrayList<>();
    collect(nodes, all);
    return all;
  }

  private static void collect(List<Node> nodes, List<Node> all) {
    for (Node node : nodes) {
      all.add(node);
      switch (node) {
        case Node.Branch branch -> {
          collect(branch.then().nodes(), all);
          collect(branch.otherwise().nodes(), all);
        }
        case Node.Loop loop -> collect(loop.body().nodes(), all);
        case Node.Call _, Node.Assign _, Node.Delegate _ -> {}
      }
    }
  }

  /** Returns the text form, which {@link GraphText#parse} reads back. */
  @Override
  public String toString() {
    return GraphText.print(this);
  }
}
