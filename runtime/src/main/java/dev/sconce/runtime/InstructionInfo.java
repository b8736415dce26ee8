package dev.sconce.runtime;

/**
 * Which instruction of a program is meant.
 *
 * @param method the name of its method
 * @param chain its chain's index in the method
 * @param index its index in the chain
 * @param name what it does: an operator's full name ({@code aten::add.out}), a delegate's id, or
 *     the instruction's kind
 */
public record InstructionInfo(String method, int chain, int index, String name) {

  @Override
  public String toString() {
    return "method '%s', instruction %d: %s".formatted(method, index, name);
  }
}
