package dev.sconce.format.pte;

import dev.sconce.format.Ints;

/** One step of a method; indices count in the method's lists. */
public sealed interface Instruction {

  /**
   * Calls an operator.
   *
   * @param operator index of the operator
   * @param args values: the schema's arguments in order, then the returned ones again
   */
  record KernelCall(int operator, Ints args) implements Instruction {}

  /**
   * Calls a backend.
   *
   * @param delegate index of the delegate
   * @param args values: the subgraph's inputs, then its outputs
   */
  record DelegateCall(int delegate, Ints args) implements Instruction {}

  /**
   * Copies a value.
   *
   * @param from the value that is read
   * @param to the value that is replaced
   */
  record MoveCall(int from, int to) implements Instruction {}

  /**
   * Jumps if a value is false.
   *
   * @param condition a Bool, or a Tensor of one bool
   * @param destination the instruction to go on with
   */
  record JumpFalseCall(int condition, int destination) implements Instruction {}

  /**
   * Frees the memory of a tensor whose size has no bound.
   *
   * @param value the tensor
   */
  record FreeCall(int value) implements Instruction {}
}
