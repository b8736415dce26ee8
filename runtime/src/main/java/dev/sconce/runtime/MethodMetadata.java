package dev.sconce.runtime;

import dev.sconce.format.Ints;
import dev.sconce.format.pte.BackendDelegate;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.PteValue;
import dev.sconce.format.pte.PteValue.DataSource;
import dev.sconce.format.pte.PteValue.ShapeDynamism;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a program says of one of its methods. Reading it loads nothing.
 *
 * @param name the method's name
 * @param inputs what goes in, in order
 * @param outputs what comes out, in order
 * @param plannedBytes the sizes of the planned arenas
 * @param backends the ids of the delegates that it uses, each once
 * @param operators the full names of the operators that it uses, each once
 * @param instructionCount the number of instructions
 */
public record MethodMetadata(
    String name,
    List<ValueInfo> inputs,
    List<ValueInfo> outputs,
    List<Long> plannedBytes,
    List<String> backends,
    List<String> operators,
    int instructionCount) {

  /** Copies the lists. */
  public MethodMetadata {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    plannedBytes = List.copyOf(plannedBytes);
    backends = List.copyOf(backends);
    operators = List.copyOf(operators);
  }

  /** The kinds of values. */
  public enum ValueKind {
    /** Nothing. */
    NONE,
    /** A tensor. */
    TENSOR,
    /** An integer of 64 bits. */
    INT,
    /** A double. */
    DOUBLE,
    /** A bool. */
    BOOL,
    /** A string. */
    STRING,
    /** A list of one of the others. */
    LIST
  }

  /**
   * One input or output.
   *
   * @param kind its kind
   * @param tensor more about it, if it is a tensor
   */
  public record ValueInfo(ValueKind kind, Optional<TensorInfo> tensor) {

    @Override
    public String toString() {
      return tensor.map(TensorInfo::toString).orElse(kind.toString());
    }
  }

  /** Returns whether the method only returns constants: a getter of metadata. */
  public boolean isConstant() {
    return inputs.isEmpty() && instructionCount == 0;
  }

  static MethodMetadata of(ExecutionPlan plan) {
    List<Long> planned = plan.plannedBufferSizes();
    return new MethodMetadata(
        plan.name(),
        values(plan, plan.inputs()),
        values(plan, plan.outputs()),
        planned.subList(Math.min(1, planned.size()), planned.size()),
        plan.delegates().stream().map(BackendDelegate::id).distinct().toList(),
        plan.operators().stream().map(operator -> operator.fullName()).distinct().toList(),
        plan.chains().stream().mapToInt(chain -> chain.instructions().size()).sum());
  }

  private static List<ValueInfo> values(ExecutionPlan plan, Ints indices) {
    List<ValueInfo> infos = new ArrayList<>();
    for (int i = 0; i < indices.size(); i++) {
      infos.add(info(plan.values().get(indices.at(i))));
    }
    return infos;
  }

  private static ValueInfo info(PteValue value) {
    return switch (value) {
      case TensorValue tensor -> new ValueInfo(ValueKind.TENSOR, Optional.of(info(tensor)));
      case PteValue.NullValue _ -> of(ValueKind.NONE);
      case PteValue.IntValue _ -> of(ValueKind.INT);
      case PteValue.DoubleValue _ -> of(ValueKind.DOUBLE);
      case PteValue.BoolValue _ -> of(ValueKind.BOOL);
      case PteValue.StringValue _ -> of(ValueKind.STRING);
      case PteValue.IntListValue _,
          PteValue.DoubleListValue _,
          PteValue.BoolListValue _,
          PteValue.TensorListValue _,
          PteValue.OptionalTensorListValue _ ->
          of(ValueKind.LIST);
    };
  }

  private static ValueInfo of(ValueKind kind) {
    return new ValueInfo(kind, Optional.empty());
  }

  private static TensorInfo info(TensorValue tensor) {
    return new TensorInfo(
        tensor.dtype(),
        tensor.sizes(),
        tensor.dimOrder(),
        tensor.dynamism() != ShapeDynamism.STATIC,
        tensor.dataSource() != DataSource.CALLER,
        tensor.byteSize());
  }
}
