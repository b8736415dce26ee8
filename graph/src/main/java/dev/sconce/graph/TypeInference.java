package dev.sconce.graph;

import dev.sconce.ops.OperatorSchema;
import java.util.List;

/** Finds the types of a call's results. */
@FunctionalInterface
public interface TypeInference {

  /** Makes symbols for numbers that are known only at run time. */
  @FunctionalInterface
  interface SymbolSource {

    /** Returns a new symbol with the given bounds. */
    Symbol fresh(String hint, long min, long max);
  }

  /**
   * Returns the types of the results of a call.
   *
   * @param operator the operator
   * @param operands its operands, defaults included
   * @param symbols where symbols for unknown numbers come from
   * @throws dev.sconce.base.InvalidInputException if the operands do not fit the operator
   */
  List<Type> infer(OperatorSchema operator, List<Operand> operands, SymbolSource symbols);
}
