package dev.sconce.format.pte;

import dev.sconce.format.Ints;
import dev.sconce.format.Longs;
import dev.sconce.format.pte.BackendDelegate.DataLocation;
import dev.sconce.format.pte.Instruction.DelegateCall;
import dev.sconce.format.pte.Instruction.FreeCall;
import dev.sconce.format.pte.Instruction.JumpFalseCall;
import dev.sconce.format.pte.Instruction.KernelCall;
import dev.sconce.format.pte.Instruction.MoveCall;
import dev.sconce.format.pte.PteValue.Allocation;
import dev.sconce.format.pte.PteValue.BoolValue;
import dev.sconce.format.pte.PteValue.IntListValue;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts one method of a {@link PteBuilder} together. Methods that add something return its index.
 *
 * <p>Calls do not check arguments against operators: whoever emits a call gives the arguments as
 * runtimes expect them, outputs twice.
 */
public final class PlanBuilder {

  /** The official exporter's, so that vector loads of any runtime are aligned. */
  private static final int BUFFER_ALIGNMENT = 16;

  /** XNNPACK kernels read past the end of their inputs ({@code XNN_EXTRA_BYTES}). */
  private static final int XNNPACK_PADDING = 64;

  private static final String XNNPACK = "XnnpackBackend";

  private final String name;
  private final List<PteValue> values = new ArrayList<>();
  private final Map<PteValue, Integer> literals = new HashMap<>();

  /** The indices of literals. */
  private final BitSet shared = new BitSet();

  private final List<Integer> inputs = new ArrayList<>();
  private final List<Integer> outputs = new ArrayList<>();
  private final List<OperatorRef> operators = new ArrayList<>();
  private final Map<OperatorRef, Integer> operatorIndices = new HashMap<>();
  private final List<BackendDelegate> delegates = new ArrayList<>();

  /** Suppliers, because the destinations of jumps are known later than the jumps. */
  private final List<Supplier<Instruction>> instructions = new ArrayList<>();

  private ContainerMetadata containerMetadata = new ContainerMetadata("", "");
  private @Nullable Longs plannedBufferSizes;

  PlanBuilder(String name) {
    this.name = name;
  }

  /** Adds a value of its own. */
  public int value(PteValue value) {
    values.add(value);
    return values.size() - 1;
  }

  /**
   * Replaces a value, for example when its place in memory is known.
   *
   * @param index what {@link #value} returned
   */
  public void replace(int index, PteValue value) {
    if (shared.get(index)) {
      throw new IllegalArgumentException("value " + index + " is a literal, which calls share");
    }
    values.set(index, value);
  }

  /**
   * Returns the index of a value that no instruction changes, and that calls may therefore share.
   */
  public int literal(PteValue value) {
    if (value instanceof TensorValue) {
      throw new IllegalArgumentException("a tensor is no literal");
    }
    Integer known = literals.get(value);
    if (known != null) {
      return known;
    }
    int index = value(value);
    literals.put(value, index);
    shared.set(index);
    return index;
  }

  /** Returns the index of a list of literal integers, boxed as runtimes expect them. */
  public int intList(long... items) {
    long[] boxed = new long[items.length];
    for (int i = 0; i < items.length; i++) {
      boxed[i] = literal(new IntValue(items[i]));
    }
    return literal(new IntListValue(Longs.of(boxed)));
  }

  /** Appends a value to the inputs. */
  public void input(int value) {
    inputs.add(value);
  }

  /** Appends a value to the outputs. */
  public void output(int value) {
    outputs.add(value);
  }

  /** Adds a delegate whose blob is a segment. */
  public int delegate(String id, int segment, CompileSpec... compileSpecs) {
    delegates.add(
        new BackendDelegate(id, DataLocation.SEGMENT, segment, Arrays.asList(compileSpecs)));
    return delegates.size() - 1;
  }

  /**
   * Appends the call of an operator.
   *
   * @param args values: the schema's arguments with all defaults, then what is returned again
   */
  public void call(OperatorRef operator, int... args) {
    int index = operatorIndices.computeIfAbsent(operator, this::addOperator);
    append(new KernelCall(index, Ints.of(args)));
  }

  private int addOperator(OperatorRef operator) {
    operators.add(operator);
    return operators.size() - 1;
  }

  /**
   * Appends the call of a delegate.
   *
   * @param args values: the subgraph's inputs, then its outputs
   */
  public void callDelegate(int delegate, int... args) {
    append(new DelegateCall(delegate, Ints.of(args)));
  }

  /** Appends a copy of one value over another. */
  public void move(int from, int to) {
    append(new MoveCall(from, to));
  }

  /** Appends an instruction that takes a tensor's memory away. */
  public void free(int value) {
    append(new FreeCall(value));
  }

  /** Creates a label that is not placed yet. */
  public Label label() {
    return new Label(this);
  }

  /** Places a label before the next instruction. */
  public void place(Label label) {
    check(label);
    label.place(instructions.size());
  }

  /** Appends a jump that is taken if a value is false. */
  public void jumpIfFalse(int condition, Label label) {
    check(label);
    instructions.add(() -> new JumpFalseCall(condition, label.instruction()));
  }

  /**
   * Appends a jump that is always taken: there is none in the format, so a literal false decides.
   */
  public void jump(Label label) {
    jumpIfFalse(literal(new BoolValue(false)), label);
  }

  private void check(Label label) {
    if (!label.belongsTo(this)) {
      throw new IllegalArgumentException("the label belongs to another method");
    }
  }

  private void append(Instruction instruction) {
    instructions.add(() -> instruction);
  }

  /** Sets how Python nests inputs and outputs; by default both specifications are empty. */
  public void containerMetadata(ContainerMetadata metadata) {
    containerMetadata = metadata;
  }

  /**
   * Sets the sizes of the planned buffers; the first is reserved and must be 0. By default they are
   * what the tensors' allocations need, and 64 bytes more where XNNPACK may read past an end.
   */
  public void plannedBufferSizes(Longs sizes) {
    if (sizes.isEmpty() || sizes.at(0) != 0) {
      throw new IllegalArgumentException("the first planned buffer is reserved: " + sizes);
    }
    plannedBufferSizes = sizes;
  }

  private Longs neededBufferSizes() {
    long[] sizes = new long[1];
    for (PteValue value : values) {
      Allocation allocation = value instanceof TensorValue tensor ? tensor.allocation() : null;
      if (allocation == null) {
        continue;
      }
      int id = allocation.memoryId();
      if (id >= sizes.length) {
        sizes = Arrays.copyOf(sizes, id + 1);
      }
      long end = Math.addExact(allocation.offset(), ((TensorValue) value).byteSize());
      sizes[id] = Math.max(sizes[id], PteBuilder.aligned(end, BUFFER_ALIGNMENT));
    }
    if (delegates.stream().anyMatch(delegate -> delegate.id().equals(XNNPACK))) {
      for (int i = 1; i < sizes.length; i++) {
        sizes[i] += XNNPACK_PADDING;
      }
    }
    return Longs.of(sizes);
  }

  private static Ints ints(List<Integer> values) {
    return Ints.of(values.stream().mapToInt(value -> value).toArray());
  }

  ExecutionPlan build() {
    Chain chain =
        new Chain(
            Ints.of(), Ints.of(), instructions.stream().map(Supplier::get).toList(), List.of());
    Longs sizes = plannedBufferSizes;
    return new ExecutionPlan(
        name,
        containerMetadata,
        values,
        ints(inputs),
        ints(outputs),
        List.of(chain),
        operators,
        delegates,
        sizes == null ? neededBufferSizes() : sizes,
        List.of());
  }
}
