package dev.sconce.runtime.internal.operator;

import dev.sconce.base.InvalidInputException;
import dev.sconce.ops.Argument;
import dev.sconce.ops.OperatorCatalogue;
import dev.sconce.ops.OperatorSchema;
import dev.sconce.ops.ResultRule;
import dev.sconce.ops.ResultRules;
import dev.sconce.runtime.internal.execution.OperatorFailure;
import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorListSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;
import java.util.List;

/**
 * Adds operators that follow the catalogue: a call is checked against the schema when it is bound,
 * and results have the sizes that the catalogue's rule gives before the operator runs. What is left
 * to an operator is its arithmetic.
 */
public final class RuledTable {

  private final OperatorTable table;

  /** Wraps a table. */
  public RuledTable(OperatorTable table) {
    this.table = table;
  }

  /**
   * Adds an operator on numbers; tensors of other element types are refused when a call is bound.
   */
  public void add(String name, OperatorImplementation implementation) {
    add(name, true, true, implementation);
  }

  /** Adds an operator on elements of any type. */
  public void addUntyped(String name, OperatorImplementation implementation) {
    add(name, false, true, implementation);
  }

  /**
   * Adds an operator on numbers whose result depends on data: it finds the size and resizes its
   * result itself.
   */
  public void addUnsized(String name, OperatorImplementation implementation) {
    add(name, true, false, implementation);
  }

  private void add(
      String name, boolean numbers, boolean sized, OperatorImplementation implementation) {
    table.add(
        name,
        call -> {
          OperatorSchema schema = OperatorCatalogue.standard().get(name);
          ResultRule rule = ResultRules.standard().find(name).orElseThrow();
          checkCall(schema, call, numbers);
          ResultSizes sizes = new ResultSizes(rule, call, new SlotArguments(schema, call));
          Step step = implementation.bind(call);
          int firstOut = firstOut(schema);
          return context -> {
            try {
              int[][] results = sizes.current();
              if (sized && firstOut >= 0) {
                resize(call, firstOut, results);
              }
              step.run(context);
            } catch (InvalidInputException | ArithmeticException e) {
              throw new OperatorFailure(String.valueOf(e.getMessage()));
            } catch (IndexOutOfBoundsException e) {
              throw new OperatorFailure(
                  "expected tensors that lie in their memory, found " + e.getMessage());
            }
          };
        });
  }

  private static int firstOut(OperatorSchema schema) {
    List<Argument> arguments = schema.arguments();
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).isOut()) {
        return i;
      }
    }
    return -1;
  }

  private static void resize(OperatorCall call, int firstOut, int[][] results) {
    if (call.slot(firstOut) instanceof TensorListSlot outs) {
      if (outs.size() != results.length) {
        throw OperatorFailure.of(
            "expected %d results, found a list of %d", results.length, outs.size());
      }
      for (int i = 0; i < results.length; i++) {
        outs.get(i).resize(results[i]);
      }
      return;
    }
    for (int i = 0; i < results.length; i++) {
      call.tensor(firstOut + i).resize(results[i]);
    }
  }

  private static void checkCall(OperatorSchema schema, OperatorCall call, boolean numbers) {
    if (call.size() != schema.callLength()) {
      throw call.site()
          .malformedArgument(
              Math.min(call.size(), schema.callLength()),
              schema.callLength() + " arguments",
              call.size() + " arguments");
    }
    for (int i = 0; i < schema.arguments().size(); i++) {
      Argument argument = schema.arguments().get(i);
      if (argument.type().optional() && call.isNone(i)) {
        continue;
      }
      checkArgument(argument, call, i, numbers);
    }
  }

  private static void checkArgument(
      Argument argument, OperatorCall call, int position, boolean numbers) {
    boolean list = argument.type().list();
    switch (argument.type().kind()) {
      case TENSOR -> {
        if (!list) {
          checkElements(call.tensor(position), numbers);
          return;
        }
        TensorListSlot tensors = call.tensors(position);
        for (int i = 0; i < tensors.size(); i++) {
          TensorSlot tensor = tensors.getOptional(i);
          if (tensor != null) {
            checkElements(tensor, numbers);
          } else if (!argument.type().optionalElements()) {
            throw call.site().malformedArgument(position, "tensors", "an absent one");
          }
        }
      }
      case INT -> checkNumber(call, position, list, ScalarSlot.Kind.INT);
      case FLOAT -> checkNumber(call, position, list, ScalarSlot.Kind.DOUBLE);
      case BOOL -> checkNumber(call, position, list, ScalarSlot.Kind.BOOL);
      case SCALAR -> call.scalar(position);
      case SCALAR_TYPE, MEMORY_FORMAT -> call.integer(position);
      case STRING -> call.string(position);
    }
  }

  private static void checkNumber(
      OperatorCall call, int position, boolean list, ScalarSlot.Kind kind) {
    if (list) {
      switch (kind) {
        case INT -> call.ints(position);
        case DOUBLE -> call.doubles(position);
        case BOOL -> call.bools(position);
      }
    } else {
      switch (kind) {
        case INT -> call.integer(position);
        case DOUBLE -> call.number(position);
        case BOOL -> call.bool(position);
      }
    }
  }

  private static void checkElements(TensorSlot tensor, boolean numbers) {
    if (numbers && !Elements.supports(tensor.dtype())) {
      throw new UnsupportedCall("arithmetic on dtype " + tensor.dtype());
    }
  }
}
