package dev.sconce.runtime.internal.plan;

import dev.sconce.runtime.InstructionInfo;
import dev.sconce.runtime.internal.execution.Step;

/**
 * The instructions of a chain, ready to run. The arrays are the executor's own: they are read once
 * an instruction.
 *
 * @param steps what runs
 * @param instructions what the steps are, for messages and traces
 */
@SuppressWarnings("ArrayRecordComponent")
public record BoundChain(Step[] steps, InstructionInfo[] instructions) {}
