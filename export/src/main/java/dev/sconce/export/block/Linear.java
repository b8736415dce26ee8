package dev.sconce.export.block;

import dev.sconce.export.block.BlockOptions.LinearQuantization;
import dev.sconce.export.checkpoint.Weight;
import dev.sconce.export.checkpoint.Weights;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import dev.sconce.graph.quantize.LinearData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer: y = x·Wᵀ + b.
 *
 * @param weight the matrix, one row an output
 * @param bias one number an output, or null
 */
public record Linear(Weight weight, @Nullable Weight bias) {

  /** Takes a layer that has a bias exactly if the model type says so. */
  public static Linear take(Weights weights, String name, int inputs, int outputs, boolean bias) {
    Weights layer = weights.in(name);
    return new Linear(
        layer.take("weight", outputs, inputs), bias ? layer.take("bias", outputs) : null);
  }

  /** Takes a layer whose matrix is stored with one row an input, as GPT-2's Conv1D. */
  public static Linear takeTransposed(Weights weights, String name, int inputs, int outputs) {
    Weights layer = weights.in(name);
    return new Linear(
        layer.take("weight", inputs, outputs).transposed(), layer.take("bias", outputs));
  }

  /** Returns the layer that computes a range of the outputs. */
  public Linear outputs(int from, int to) {
    return new Linear(weight.rows(from, to), bias == null ? null : bias.rows(from, to));
  }

  /** Writes the layer. */
  public Value apply(Blocks blocks, Value x) {
    return apply(blocks, x, scheme(blocks));
  }

  /**
   * Writes layers that read the same as one product, whose outputs are theirs, one after the other.
   *
   * @return the outputs; empty, with nothing written, if the layers are not of one kind: all have a
   *     bias or none, and all are quantised alike
   */
  static Optional<Value> applyJoined(Blocks blocks, List<Linear> layers, Value x) {
    Linear first = layers.getFirst();
    Optional<LinearQuantization> scheme = first.scheme(blocks);
    List<Weight> biases = new ArrayList<>();
    for (Linear layer : layers) {
      if (!layer.scheme(blocks).equals(scheme)) {
        return Optional.empty();
      }
      if (layer.bias != null) {
        biases.add(layer.bias);
      }
    }
    if (!biases.isEmpty() && biases.size() < layers.size()) {
      return Optional.empty();
    }
    Linear joined =
        new Linear(
            Weight.stacked(layers.stream().map(Linear::weight).toList()),
            biases.isEmpty() ? null : Weight.stacked(biases));
    return Optional.of(joined.apply(blocks, x, scheme));
  }

  private Optional<LinearQuantization> scheme(Blocks blocks) {
    return blocks.options().quantization().linear(weight.identity(), weight.columns());
  }

  private Value apply(Blocks blocks, Value x, Optional<LinearQuantization> scheme) {
    Value matrix =
        scheme
            .map(
                s ->
                    blocks
                        .builder()
                        .parameter(
                            weight.identity(),
                            weight.type(blocks.options().dtype()),
                            new LinearData(
                                weight, blocks.options().dtype(), s.weights(), s.quantizedInput())))
            .orElseGet(() -> blocks.constant(weight));
    return blocks
        .builder()
        .call(
            "aten::linear.out",
            Operand.of(x),
            Operand.of(matrix),
            bias == null ? Operand.none() : Operand.of(blocks.constant(bias)));
  }
}
