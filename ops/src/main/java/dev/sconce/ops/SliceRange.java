package dev.sconce.ops;

/**
 * What {@code start:end:step} means for a given size: out-of-range bounds are cut, as in Python.
 *
 * @param start the first index
 * @param step the distance between two
 * @param length how many there are
 */
public record SliceRange(long start, long step, long length) {

  /**
   * Returns the range that three arguments, {@code start}, {@code end}, {@code step}, describe.
   *
   * @param position the position of {@code start}
   * @param size the size of the dimension
   * @throws dev.sconce.base.InvalidInputException if the step is not positive
   */
  public static SliceRange of(OperatorArguments arguments, int position, long size) {
    long step = arguments.integer(position + 2);
    if (step <= 0) {
      throw arguments.invalid(position + 2, "a positive step", Long.toString(step));
    }
    return of(
        arguments.isAbsent(position) ? 0 : arguments.integer(position),
        arguments.isAbsent(position + 1) ? size : arguments.integer(position + 1),
        step,
        size);
  }

  /**
   * Returns the range between two bounds, which count from the end if negative.
   *
   * @param step the distance between two indices, at least 1
   * @param size the size of the dimension
   */
  public static SliceRange of(long start, long end, long step, long size) {
    long from = bound(start, size);
    long to = bound(end, size);
    return new SliceRange(from, step, to <= from ? 0 : Math.ceilDiv(to - from, step));
  }

  private static long bound(long index, long size) {
    return Math.clamp(index < 0 ? index + size : index, 0, size);
  }
}
