package dev.sconce.format.flatbuffer;

import dev.sconce.base.memory.FieldPath;

/**
 * Finds where in the file a field stands, by its path.
 *
 * <p>Records carry no offsets. When a verifier finds a record at fault, it reads the file again
 * with a probe for the path at fault, and the reader itself leads to the place.
 */
public final class FieldProbe {

  private final String target;
  private int matched = -1;
  private long offset = -1;

  /** Creates a probe for a path, such as {@code execution_plan[0].values[3].sizes[1]}. */
  public FieldProbe(String target) {
    this.target = target;
  }

  /**
   * Returns the offset in the file of the target, or of the nearest thing around it that was read;
   * -1 if there is none.
   */
  public long offset() {
    return offset;
  }

  /** Notes that the value at a path, which other values may be part of, stands at an offset. */
  void seen(FieldPath path, long at) {
    String text = path.toString();
    boolean around =
        target.startsWith(text)
            && (target.length() == text.length()
                || target.charAt(text.length()) == '.'
                || target.charAt(text.length()) == '[');
    if (around && text.length() >= matched) {
      matched = text.length();
      offset = at;
    }
  }

  /** Notes a vector of values of a fixed size, whose first stands at an offset. */
  void seenElements(FieldPath path, long first, long count, int size) {
    String prefix = path + "[";
    int end = target.indexOf(']', prefix.length());
    if (!target.startsWith(prefix) || end < 0) {
      return;
    }
    try {
      long index = Long.parseLong(target, prefix.length(), end, 10);
      if (index < count) {
        seen(path.element(index), first + index * size);
      }
    } catch (NumberFormatException e) {
      return; // the brackets hold no index: the vector itself is the nearest place
    }
  }
}
