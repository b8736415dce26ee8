package dev.sconce.generate.runner;

/** Takes the times of one generation and makes {@link Stats} of them. Not thread-safe. */
final class StatsClock {

  private static final long MILLIS_AT_ZERO =
      System.currentTimeMillis() - System.nanoTime() / 1_000_000;

  private final long loadStart;
  private final long loadEnd;
  private long inferenceStart;
  private long inferenceEnd;
  private long executionStart;
  private long executionEnd;
  private long promptEnd;
  private long firstToken;
  private long samplingNanos;
  private long executionNanos;
  private long promptTokens;
  private long generatedTokens;
  private long mark;

  StatsClock(long loadStart, long loadEnd) {
    this.loadStart = loadStart;
    this.loadEnd = loadEnd;
    this.inferenceStart = millis();
  }

  /** Returns milliseconds since 1970 of a clock that never goes back. */
  static long millis() {
    return MILLIS_AT_ZERO + System.nanoTime() / 1_000_000;
  }

  void promptTokens(long count) {
    promptTokens = count;
  }

  void executionStarts() {
    executionStart = millis();
    mark = System.nanoTime();
  }

  void executionEnds() {
    long now = System.nanoTime();
    executionNanos += now - mark;
    executionEnd = millis();
    if (promptEnd == 0) {
      promptEnd = executionEnd;
    }
    mark = now;
  }

  /** Counts what passed since the last execution or token as choosing this token. */
  void tokenChosen() {
    samplingNanos += System.nanoTime() - mark;
    if (firstToken == 0) {
      firstToken = millis();
      // Upstream takes both times at once: the first token belongs to the prompt.
      promptEnd = firstToken;
    }
    generatedTokens++;
  }

  /** Leaves out what the caller's receivers took. */
  void receiversDone() {
    mark = System.nanoTime();
  }

  /**
   * Ends the generation.
   *
   * @param rows how many rows there were, whose first tokens do not count as generated
   */
  Stats end(int rows) {
    inferenceEnd = millis();
    return new Stats(
        loadStart,
        loadEnd,
        inferenceStart,
        inferenceEnd,
        executionStart,
        executionEnd,
        promptEnd,
        firstToken,
        samplingNanos / 1_000_000,
        executionNanos / 1_000_000,
        promptTokens,
        Math.max(0, generatedTokens - rows));
  }
}
