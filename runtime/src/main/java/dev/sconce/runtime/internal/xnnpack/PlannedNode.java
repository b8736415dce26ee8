package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.Ints;

/**
 * A node of a plan. Immutable: weights are packed, memory is not known yet.
 *
 * @param name its kind, for messages and tracing
 * @param handle the number that the exporter gave the node it belongs to
 * @param reads the values it reads
 * @param writes the values it writes
 * @param binder makes the step
 */
record PlannedNode(String name, long handle, Ints reads, Ints writes, Binder binder) {

  /** Makes steps. */
  @FunctionalInterface
  interface Binder {

    /** Returns a step of the given operands, by index of their values. */
    NodeStep bind(Operand[] operands);
  }
}
