package dev.sconce.cli.internal.inspect;

import dev.sconce.cli.internal.inspect.CallArgument.Role;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.Chain;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.format.pte.Instruction;
import dev.sconce.format.pte.Instruction.DelegateCall;
import dev.sconce.format.pte.Instruction.FreeCall;
import dev.sconce.format.pte.Instruction.JumpFalseCall;
import dev.sconce.format.pte.Instruction.KernelCall;
import dev.sconce.format.pte.Instruction.MoveCall;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnValue;
import dev.sconce.ops.Argument;
import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.ops.OperatorSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The instructions of a method with names and roles of their arguments, from the catalogue. */
public final class Calls {

  private final ExecutionPlan plan;

  /** The schema of each operator of the method; null for a foreign one. */
  private final @Nullable OperatorSchema[] schemas;

  /** For each delegate the roles of its arguments; none if its blob cannot be read. */
  private final List<List<Role>> delegateRoles;

  private final BitSet written = new BitSet();

  /** Prepares the calls of a method. */
  public Calls(ExecutionPlan plan, DelegateBlobs blobs) {
    this.plan = plan;
    OperatorCatalogue catalogue = OperatorCatalogue.standard();
    this.schemas =
        plan.operators().stream()
            .map(operator -> catalogue.find(operator.fullName()).orElse(null))
            .toArray(OperatorSchema[]::new);
    this.delegateRoles =
        plan.delegates().stream().map(delegate -> roles(blobs.of(delegate).graph())).toList();
    plan.inputs().ints().forEach(written::set);
    for (Chain chain : plan.chains()) {
      for (Instruction instruction : chain.instructions()) {
        for (CallArgument argument : arguments(instruction)) {
          if (argument.isWritten() || argument.role() == Role.UNKNOWN) {
            written.set(argument.value());
          }
        }
      }
    }
  }

  private static List<Role> roles(@Nullable XnnGraph graph) {
    if (graph == null) {
      return List.of();
    }
    Role[] roles = new Role[Math.clamp(graph.externs(), 0, graph.values().size())];
    Arrays.fill(roles, Role.UNKNOWN);
    for (XnnValue value : graph.values()) {
      if (value.externalId() >= 0 && value.externalId() < roles.length) {
        roles[value.externalId()] =
            value.isOutput() ? Role.WRITE : value.isInput() ? Role.READ : Role.UNKNOWN;
      }
    }
    return List.of(roles);
  }

  /** Returns the method. */
  public ExecutionPlan plan() {
    return plan;
  }

  /** Returns the schema of an operator of the method, or null if the catalogue lacks it. */
  public @Nullable OperatorSchema schema(int operator) {
    return schemas[operator];
  }

  /** Returns whether a call or an instruction may give this value another content. */
  public boolean isVariable(int value) {
    return written.get(value);
  }

  /** Returns what an instruction calls: an operator, or a backend with the delegate's number. */
  public String callee(Instruction instruction) {
    return switch (instruction) {
      case KernelCall(int operator, _) -> plan.operators().get(operator).fullName();
      case DelegateCall(int delegate, _) -> plan.delegates().get(delegate).id() + " #" + delegate;
      case MoveCall _, JumpFalseCall _, FreeCall _ -> "";
    };
  }

  /** Returns the arguments of an instruction. */
  public List<CallArgument> arguments(Instruction instruction) {
    return switch (instruction) {
      case KernelCall(int operator, Ints args) -> kernel(schemas[operator], args);
      case DelegateCall(int delegate, Ints args) -> delegate(delegateRoles.get(delegate), args);
      case MoveCall(int from, int to) ->
          List.of(
              new CallArgument("from", from, Role.READ), new CallArgument("to", to, Role.WRITE));
      case JumpFalseCall(int condition, _) ->
          List.of(new CallArgument("condition", condition, Role.READ));
      case FreeCall(int value) -> List.of(new CallArgument("value", value, Role.READ));
    };
  }

  private static List<CallArgument> kernel(@Nullable OperatorSchema schema, Ints args) {
    List<CallArgument> arguments = new ArrayList<>(args.size());
    for (int i = 0; i < args.size(); i++) {
      if (schema == null) {
        arguments.add(new CallArgument("", args.at(i), Role.UNKNOWN));
      } else if (i < schema.arguments().size()) {
        Argument argument = schema.arguments().get(i);
        Role role = argument.isOut() ? Role.WRITE : argument.isWritten() ? Role.CHANGE : Role.READ;
        arguments.add(new CallArgument(argument.name(), args.at(i), role));
      } else {
        arguments.add(new CallArgument("", args.at(i), Role.RESULT));
      }
    }
    return arguments;
  }

  private static List<CallArgument> delegate(List<Role> roles, Ints args) {
    List<CallArgument> arguments = new ArrayList<>(args.size());
    for (int i = 0; i < args.size(); i++) {
      Role role = i < roles.size() ? roles.get(i) : Role.UNKNOWN;
      arguments.add(new CallArgument("", args.at(i), role));
    }
    return arguments;
  }
}
