package dev.sconce.base.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Where a value stands inside a file, such as {@code execution_plan[0].values[3].sizes}.
 *
 * <p>Paths are linked to their parent and spelled out only when an error needs them, so that
 * reading a well-formed file costs one small object a table.
 */
public final class FieldPath {

  private static final FieldPath ROOT = new FieldPath(null, "", -1);

  private final @Nullable FieldPath parent;
  private final String name;
  private final long index;

  private FieldPath(@Nullable FieldPath parent, String name, long index) {
    this.parent = parent;
    this.name = name;
    this.index = index;
  }

  /** Returns the empty path. */
  public static FieldPath root() {
    return ROOT;
  }

  /** Returns the path of a field of the value at this path. */
  public FieldPath field(String field) {
    return new FieldPath(this, field, -1);
  }

  /** Returns the path of an element of the list at this path. */
  public FieldPath element(long element) {
    return new FieldPath(this, "", element);
  }

  @Override
  public String toString() {
    // A loop, not recursion: how deep a path goes is the file's choice.
    Deque<FieldPath> steps = new ArrayDeque<>();
    for (FieldPath step = this; step.parent != null; step = step.parent) {
      steps.push(step);
    }
    StringBuilder text = new StringBuilder();
    for (FieldPath step : steps) {
      if (step.index >= 0) {
        text.append('[').append(step.index).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(step.name);
      }
    }
    return text.toString();
  }
}
