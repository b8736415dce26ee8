package dev.sconce.cli.internal;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How far a long work is: a bar that is drawn over itself on a terminal, a line from time to time
 * elsewhere.
 *
 * <pre>
 * [############------------------]  41%  110 MiB of 268 MiB  98.0 MiB/s  0:02 left
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class ProgressBar {

  private static final int WIDTH = 30;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long LINE_NANOS = 5_000_000_000L;
  private static final double NANOS = 1e9;
  private static final String CLEAR = "\r\u001B[K";

  private final PrintWriter out;
  private final boolean terminal;
  private final LongSupplier clock;
  private final long start;
  private long last;
  private boolean drawn;

  /**
   * Starts at zero.
   *
   * @param terminal whether {@code out} is a terminal
   * @param clock nanoseconds
   */
  public ProgressBar(PrintWriter out, boolean terminal, LongSupplier clock) {
    this.out = out;
    this.terminal = terminal;
    this.clock = clock;
    this.start = clock.getAsLong();
    this.last = start;
  }

  /** Shows that {@code done} of {@code all} bytes are done, unless it was shown just now. */
  public void update(long done, long all) {
    long now = clock.getAsLong();
    if (now - last < (terminal ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    last = now;
    String text = text(done, all, (now - start) / NANOS);
    if (terminal) {
      out.print(CLEAR + text);
      out.flush();
      drawn = true;
    } else {
      out.println(text);
    }
  }

  /** Takes the bar away. */
  public void finish() {
    if (drawn) {
      out.print(CLEAR);
      out.flush();
      drawn = false;
    }
  }

  private static String text(long done, long all, double seconds) {
    double share = all == 0 ? 1 : Math.clamp((double) done / all, 0, 1);
    int filled = (int) (share * WIDTH);
    double rate = done / seconds;
    long left = rate > 0 ? Math.round((all - done) / rate) : 0;
    return String.format(
        Locale.ROOT,
        "[%s%s] %3d%%  %s of %s  %s/s  %d:%02d left",
        "#".repeat(filled),
        "-".repeat(WIDTH - filled),
        (int) (share * 100),
        HumanSize.of(done),
        HumanSize.of(all),
        HumanSize.of((long) rate),
        left / 60,
        left % 60);
  }
}
