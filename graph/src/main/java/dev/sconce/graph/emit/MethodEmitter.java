package dev.sconce.graph.emit;

import dev.sconce.format.Ints;
import dev.sconce.format.Longs;
import dev.sconce.format.pte.BackendDelegate;
import dev.sconce.format.pte.BackendDelegate.DataLocation;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.ContainerMetadata;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.Instruction;
import dev.sconce.format.pte.OperatorRef;
import dev.sconce.format.pte.PteValue;
import dev.sconce.graph.Graph;
import dev.sconce.graph.Node;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Parameter;
import dev.sconce.graph.Region;
import dev.sconce.graph.Subgraph;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import dev.sconce.graph.memory.Views;
import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.ops.OperatorSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Emits one graph as one method.
 *
 * <pre>
 * if c { a } else { b }        jump-false c → else;  a;  move or copy;  jump-false false → end;
 *                              else: b;  move or copy;  end:
 * do { a } until c             start: a;  jump-false c → start
 * </pre>
 */
final class MethodEmitter {

  private static final String COPY = "aten::alias_copy.out";

  private final Graph graph;
  private final ProgramConstants shared;
  private final int stateMemory;
  private final TensorPlacement placement;
  private final ValueTable table = new ValueTable();
  private final OperandEmitter operands;
  private final Map<Value, Integer> indices = new HashMap<>();
  private final Map<Value, Parameter> parameters = new HashMap<>();
  private final Map<OperatorRef, Integer> operators = new LinkedHashMap<>();
  private final Map<Subgraph, Integer> delegates = new LinkedHashMap<>();
  private final List<Instruction> instructions = new ArrayList<>();

  /**
   * Creates an emitter.
   *
   * @param stateMemory the memory of this method's buffers
   */
  MethodEmitter(Graph graph, ProgramConstants shared, int stateMemory) {
    this.graph = OutputCopies.insert(graph);
    this.shared = shared;
    this.stateMemory = stateMemory;
    this.placement = new TensorPlacement(this.graph, stateMemory);
    this.operands = new OperandEmitter(table, this::index);
    this.graph.parameters().forEach(p -> parameters.put(p.value(), p));
  }

  /**
   * Returns the method. Delegates refer to subgraphs by their number among all of the program.
   *
   * @param memories how many memories the program has, the reserved one included
   */
  ExecutionPlan emit(int memories) {
    int[] inputs = graph.inputs().stream().mapToInt(this::index).toArray();
    emit(graph.nodes());
    int[] outputs = graph.outputs().stream().mapToInt(this::index).toArray();
    Chain chain = new Chain(Ints.of(), Ints.of(), instructions, List.of());
    List<BackendDelegate> backends = new ArrayList<>();
    delegates.forEach(
        (subgraph, _) ->
            backends.add(
                new BackendDelegate(
                    subgraph.backend(),
                    DataLocation.SEGMENT,
                    shared.indexOf(subgraph),
                    List.of())));
    long[] sizes = new long[memories];
    sizes[TensorPlacement.ACTIVATIONS] = placement.activationSize();
    sizes[stateMemory] = placement.stateSize();
    return new ExecutionPlan(
        graph.name(),
        new ContainerMetadata("", ""),
        table.values(),
        Ints.of(inputs),
        Ints.of(outputs),
        List.of(chain),
        List.copyOf(operators.keySet()),
        backends,
        Longs.of(sizes),
        List.of());
  }

  private void emit(List<Node> nodes) {
    nodes.forEach(this::emit);
  }

  private void emit(Node node) {
    switch (node) {
      case Node.Call call when Views.isView(call) && isFreeView(call) -> index(call.result());
      case Node.Call call -> call(call);
      case Node.Assign assign ->
          instructions.add(
              new Instruction.MoveCall(
                  operands.number(assign.value(), assign.variable().type()),
                  index(assign.variable())));
      case Node.Delegate delegate -> {
        int number = delegates.computeIfAbsent(delegate.subgraph(), _ -> delegates.size());
        int[] args = new int[delegate.inputs().size() + delegate.results().size()];
        int next = 0;
        for (Value input : delegate.inputs()) {
          args[next++] = index(input);
        }
        for (Value result : delegate.results()) {
          args[next++] = index(result);
        }
        instructions.add(new Instruction.DelegateCall(number, Ints.of(args)));
      }
      case Node.Branch branch -> branch(branch);
      case Node.Loop loop -> {
        int start = instructions.size();
        emit(loop.body().nodes());
        instructions.add(new Instruction.JumpFalseCall(index(loop.done()), start));
      }
    }
  }

  /** Returns whether a view needs no instruction: its shape is fixed and its memory is known. */
  private boolean isFreeView(Node.Call call) {
    Value root = placement.root(call.result());
    return call.result().tensorType().isFixed()
        && Views.base(call).tensorType().isFixed()
        && root.kind() != Value.Kind.INPUT;
  }

  private void call(Node.Call call) {
    OperatorSchema schema = call.operator();
    List<Integer> args = new ArrayList<>();
    int operand = 0;
    int result = 0;
    List<Integer> outs = new ArrayList<>();
    for (var argument : schema.arguments()) {
      if (argument.isOut()) {
        int out = index(call.results().get(result++));
        outs.add(out);
        args.add(out);
      } else {
        args.add(operands.operand(call.operand(operand++), argument.type()));
      }
    }
    if (outs.isEmpty()) {
      // A number operator or a view writes its result; an in-place operator returns its first.
      args.add(call.results().isEmpty() ? args.getFirst() : index(call.result()));
    } else {
      args.add(
          outs.size() == 1
              ? outs.getFirst()
              : table.tensorList(outs.stream().mapToInt(Integer::intValue).toArray()));
    }
    if (args.size() != schema.callLength()) {
      throw new IllegalStateException(
          "%s: expected %d arguments, made %d"
              .formatted(schema.fullName(), schema.callLength(), args.size()));
    }
    kernel(schema, args);
  }

  private void kernel(OperatorSchema schema, List<Integer> args) {
    OperatorRef ref = new OperatorRef(schema.name(), schema.overload());
    int number = operators.computeIfAbsent(ref, _ -> operators.size());
    instructions.add(
        new Instruction.KernelCall(
            number, Ints.of(args.stream().mapToInt(Integer::intValue).toArray())));
  }

  private void branch(Node.Branch branch) {
    int jumpToElse = placeholder();
    emitRegion(branch.then(), branch.results());
    int jumpToEnd = placeholder();
    instructions.set(
        jumpToElse, new Instruction.JumpFalseCall(index(branch.condition()), instructions.size()));
    emitRegion(branch.otherwise(), branch.results());
    int never = table.constant(new PteValue.BoolValue(false));
    instructions.set(jumpToEnd, new Instruction.JumpFalseCall(never, instructions.size()));
  }

  private int placeholder() {
    instructions.add(new Instruction.MoveCall(0, 0));
    return instructions.size() - 1;
  }

  /** Moving a tensor would make an alias for ever, so tensors are copied and numbers moved. */
  private void emitRegion(Region region, List<Value> results) {
    emit(region.nodes());
    for (int i = 0; i < results.size(); i++) {
      Operand yielded = region.yields().get(i);
      int target = index(results.get(i));
      if (results.get(i).type() instanceof Type.TensorType) {
        OperatorSchema copy = OperatorCatalogue.standard().get(COPY);
        int from = operands.operand(yielded, copy.arguments().getFirst().type());
        kernel(copy, List.of(from, target, target));
      } else {
        int from = operands.number(yielded, results.get(i).type());
        instructions.add(new Instruction.MoveCall(from, target));
      }
    }
  }

  private int index(Value value) {
    Integer known = indices.get(value);
    if (known != null) {
      return known;
    }
    int index = table.add(describe(value));
    indices.put(value, index);
    return index;
  }

  private PteValue describe(Value value) {
    return switch (value.type()) {
      case Type.IntType _ -> new PteValue.IntValue(0);
      case Type.DoubleType _ -> new PteValue.DoubleValue(0);
      case Type.BoolType _ -> new PteValue.BoolValue(false);
      case Type.TensorType tensor -> tensor(value, tensor);
      case Type.TensorListType _ ->
          throw new IllegalArgumentException(value + ": lists of tensors cannot be emitted");
    };
  }

  private PteValue tensor(Value value, Type.TensorType type) {
    Parameter parameter = parameters.get(placement.root(value));
    long[] max = type.maxShape();
    int[] sizes = new int[max.length];
    int[] dimOrder = new int[max.length];
    for (int i = 0; i < max.length; i++) {
      sizes[i] = Math.toIntExact(max[i]);
      dimOrder[i] = i;
    }
    return new PteValue.TensorValue(
        type.dtype(),
        0,
        Ints.of(sizes),
        Ints.of(dimOrder),
        false,
        parameter == null ? 0 : shared.indexOf(parameter.data()),
        placement.of(value).orElse(null),
        0,
        type.isFixed() ? PteValue.ShapeDynamism.STATIC : PteValue.ShapeDynamism.DYNAMIC_BOUND,
        null);
  }
}
