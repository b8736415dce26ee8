package dev.sconce.runtime.internal.xnnpack;

import java.util.Objects;

/**
 * The operands of a node that moves elements and computes nothing: as they are stored if both sides
 * are stored alike, otherwise as float32.
 *
 * @param x what is read
 * @param y what is written
 * @param aliases whether y holds exactly what x holds, so that both may lie in the same memory
 */
record Rearrangement(int x, int y, boolean aliases) {

  static Rearrangement of(GraphBuilder builder, int input, int output) {
    return alike(builder, input, output)
        ? new Rearrangement(builder.stored(input), builder.stored(output), true)
        : new Rearrangement(builder.floats(input), builder.floatResult(output), false);
  }

  /** Returns whether two values are stored alike and mean the same. */
  static boolean alike(GraphBuilder builder, int input, int output) {
    PlannedValue from = builder.value(builder.stored(input));
    PlannedValue to = builder.value(builder.stored(output));
    return from.storage() == to.storage()
        && from.storage() != Storage.QUANTIZED_ROWS
        && Objects.equals(from.type(), to.type())
        && builder.declared(input).datatype() == builder.declared(output).datatype();
  }
}
