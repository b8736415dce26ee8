package dev.sconce.runtime.internal.execution;

import dev.sconce.base.MalformedFileException;
import dev.sconce.runtime.InstructionInfo;

/**
 * Where an instruction stands in a file, for messages.
 *
 * @param file the program's name
 * @param plan the method's index among the execution plans
 * @param instruction the instruction
 */
public record CallSite(String file, int plan, InstructionInfo instruction) {

  /** Returns an exception about an argument of the instruction. */
  public MalformedFileException malformedArgument(int position, String expected, String found) {
    return new MalformedFileException(
        file,
        -1,
        "execution_plan[%d].chains[%d].instructions[%d].args[%d] (%s in method '%s')"
            .formatted(
                plan,
                instruction.chain(),
                instruction.index(),
                position,
                instruction.name(),
                instruction.method()),
        expected,
        found);
  }
}
