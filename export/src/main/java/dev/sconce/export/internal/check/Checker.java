package dev.sconce.export.internal.check;

import dev.sconce.export.SelfCheck;
import dev.sconce.export.task.SampleCall;
import dev.sconce.graph.Graph;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a written program with its graphs as they were authored.
 *
 * <p>Where inputs of layers are quantised at run time, a sum in another order puts a few of them on
 * the other side of a rounding boundary, and layer after layer such steps breed more of their kind.
 * How far that can go is measured, not guessed: by how far the same quantisation moves the answers
 * of the reference itself.
 */
public final class Checker {

  private static final double SMALLEST_QUANTIZED = 2e-3;
  // Two sets of rounding errors, each of which moves the answers as far, and some for chance.
  private static final double QUANTIZED_MARGIN = 2.5;

  private final Map<String, Graph> graphs = new HashMap<>();
  private final double tolerance;

  /**
   * Creates a checker.
   *
   * @param methods the graphs that the program was made of, before any pass
   * @param tolerance how far an output may be off, relative to its largest magnitude, where nothing
   *     is quantised at run time
   */
  public Checker(List<Graph> methods, double tolerance) {
    methods.forEach(method -> graphs.put(method.name(), method));
    this.tolerance = tolerance;
  }

  /** The references of a method: as the program shall compute, and without quantised inputs. */
  private record Reference(GraphInterpreter exact, Optional<GraphInterpreter> unquantized) {

    static Reference of(Graph graph) {
      ParameterReader parameters = new ParameterReader(graph);
      return new Reference(
          new GraphInterpreter(graph, parameters, true),
          parameters.quantizesInputs()
              ? Optional.of(new GraphInterpreter(graph, parameters, false))
              : Optional.empty());
    }
  }

  /**
   * Runs sample calls, in order, with the program and with the graphs.
   *
   * @throws IOException if the program cannot be read
   */
  public SelfCheck check(Path program, List<SampleCall> calls) throws IOException {
    List<SelfCheck.Output> outputs = new ArrayList<>();
    Map<String, Reference> references = new HashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    List<List<EValue>> made = new ArrayList<>();
    try (PteModule module = PteModule.load(program)) {
      for (SampleCall call : calls) {
        Graph graph = graphs.get(call.method());
        if (graph == null) {
          throw new IllegalArgumentException("a sample call of no method: " + call.method());
        }
        Reference reference = references.computeIfAbsent(call.method(), _ -> Reference.of(graph));
        List<EValue> inputs = call.inputs().stream().map(input -> value(input, made)).toList();
        List<EValue> want = reference.exact().call(inputs);
        Optional<List<EValue>> plain = reference.unquantized().map(r -> r.call(inputs));
        EValue[] got = module.execute(call.method(), inputs.toArray(EValue[]::new));
        made.add(want);
        int number = counts.merge(call.method(), 1, Integer::sum);
        for (int i = 0; i < got.length; i++) {
          double difference = difference(got[i], want.get(i));
          double allowed = tolerance;
          if (plain.isPresent()) {
            double moved = difference(plain.get().get(i), want.get(i));
            allowed = Math.max(SMALLEST_QUANTIZED, QUANTIZED_MARGIN * moved);
          }
          outputs.add(new SelfCheck.Output(call.method(), number, i, difference, allowed));
        }
      }
    }
    return new SelfCheck(outputs);
  }

  private static EValue value(SampleCall.Input input, List<List<EValue>> made) {
    return switch (input) {
      case SampleCall.Given(EValue value) -> value;
      case SampleCall.Made(int call, int output) -> made.get(call).get(output);
    };
  }

  private static double difference(EValue got, EValue want) {
    if (!(got instanceof EValue.OfTensor(Tensor mine)
        && want instanceof EValue.OfTensor(Tensor theirs))) {
      return got.equals(want) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (mine.dtype() != theirs.dtype() || !Arrays.equals(mine.shape(), theirs.shape())) {
      return Double.POSITIVE_INFINITY;
    }
    double[] found = mine.toDoubles();
    double[] expected = theirs.toDoubles();
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < found.length; i++) {
      double distance = found[i] == expected[i] ? 0 : Math.abs(found[i] - expected[i]);
      // A distance that is no number is no agreement.
      difference = distance <= difference ? difference : distance;
      if (Double.isNaN(distance)) {
        return Double.POSITIVE_INFINITY;
      }
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    if (!GraphInterpreter.isFloating(mine.dtype()) || largest == 0) {
      return difference == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    return difference / largest;
  }
}
