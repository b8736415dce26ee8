package dev.sconce.runtime.internal.operator;

/** Operators that belong together, in one readable table. */
@FunctionalInterface
public interface OperatorFamily {

  /** Lists the family's operators. */
  void addTo(OperatorTable table);
}
