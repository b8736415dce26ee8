package dev.sconce.format.pte;

import dev.sconce.format.Ints;
import dev.sconce.format.Longs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One method of a program.
 *
 * @param name the method's name
 * @param containerMetadata how Python nests inputs and outputs; null if absent
 * @param values every value the method touches; all indices below count in this list
 * @param inputs the values that callers set
 * @param outputs the values that callers read
 * @param chains the instructions; one chain in every file so far
 * @param operators the operators that {@link Instruction.KernelCall} refers to
 * @param delegates the subgraphs that {@link Instruction.DelegateCall} refers to
 * @param plannedBufferSizes sizes of the arenas for planned tensors ({@code
 *     non_const_buffer_sizes}); entry 0 is reserved and 0
 * @param plannedBufferDevices devices of arenas that are not in main memory ({@code
 *     non_const_buffer_device})
 */
public record ExecutionPlan(
    String name,
    @Nullable ContainerMetadata containerMetadata,
    List<PteValue> values,
    Ints inputs,
    Ints outputs,
    List<Chain> chains,
    List<OperatorRef> operators,
    List<BackendDelegate> delegates,
    Longs plannedBufferSizes,
    List<BufferDevice> plannedBufferDevices) {

  /** Copies the lists. */
  public ExecutionPlan {
    values = List.copyOf(values);
    chains = List.copyOf(chains);
    operators = List.copyOf(operators);
    delegates = List.copyOf(delegates);
    plannedBufferDevices = List.copyOf(plannedBufferDevices);
  }
}
