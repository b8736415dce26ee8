package dev.sconce.format.pte;

import dev.sconce.format.Ints;
import java.util.List;

/**
 * A list of instructions.
 *
 * @param inputs values that come in; unused by runtimes
 * @param outputs values that go out; unused by runtimes
 * @param instructions what to execute
 * @param stackTraces for each instruction the source lines it came from; usually empty
 */
public record Chain(
    Ints inputs, Ints outputs, List<Instruction> instructions, List<StackTrace> stackTraces) {

  /** Copies the lists. */
  public Chain {
    instructions = List.copyOf(instructions);
    stackTraces = List.copyOf(stackTraces);
  }
}
