package dev.sconce.runtime.internal.operator;

/** Where a family lists its operators. */
@FunctionalInterface
public interface OperatorTable {

  /**
   * Adds an operator.
   *
   * @param name the full name with overload, such as {@code aten::add.out}; without a dot if there
   *     is no overload
   * @param implementation how it runs
   * @throws IllegalStateException if the name is taken
   */
  void add(String name, OperatorImplementation implementation);
}
