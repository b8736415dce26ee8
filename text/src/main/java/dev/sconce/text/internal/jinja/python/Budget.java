package dev.sconce.text.internal.jinja.python;

/** What one rendering may still spend: steps and characters or elements made. */
public final class Budget {

  /** Largest integer in bits; far above what templates compute, far below what hurts. */
  private static final int MAX_INTEGER_BITS = 1 << 17;

  /** A step takes about as long as the making of so many characters. */
  private static final int STEP_COST = 8;

  private final long maxWork;
  private final int maxLength;
  private long work;

  /**
   * Creates a budget.
   *
   * @param maxWork characters and elements made, in all, a step counting as eight of them
   * @param maxLength the longest single string or list
   */
  public Budget(long maxWork, int maxLength) {
    this.maxWork = maxWork;
    this.maxLength = maxLength;
  }

  /** Spends one step. */
  public void step() {
    work += STEP_COST;
    if (work > maxWork) {
      throw exhausted();
    }
  }

  /** Spends the making of a string or list of a length, before it is made. */
  public void make(long length) {
    if (length > maxLength) {
      throw new PyError(
          PyError.Kind.LIMIT,
          "a value of at most " + maxLength + " characters or elements, found " + length);
    }
    work += Math.max(length, 0);
    if (work > maxWork) {
      throw exhausted();
    }
  }

  /** Checks the size of an integer before it is made. */
  public void integer(long bits) {
    if (bits > MAX_INTEGER_BITS) {
      throw new PyError(
          PyError.Kind.LIMIT, "integers of at most " + MAX_INTEGER_BITS + " bits, found " + bits);
    }
    work += bits / Long.SIZE;
  }

  private PyError exhausted() {
    return new PyError(
        PyError.Kind.LIMIT, "a template that ends within " + maxWork + " units of work");
  }
}
