package dev.sconce.format.pte;

/**
 * What a program may ask for. A few bytes of a file can ask for any amount of memory.
 *
 * @param maxMethodBytes the most that one method may declare: its planned buffers together with the
 *     tensors that are set at run time
 */
public record PteLimits(long maxMethodBytes) {

  private static final long DEFAULT_METHOD_BYTES = 256L << 30;

  /**
   * Returns limits for files from anywhere: 256 GB a method. That is address space, not memory:
   * runtimes make planned memory resident when it is touched.
   */
  public static PteLimits defaults() {
    return new PteLimits(DEFAULT_METHOD_BYTES);
  }
}
