package dev.sconce.cli.internal.chat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines in a thread of its own, so that Ctrl-C is seen while an answer is written.
 *
 * <p>While a terminal is {@linkplain Terminal#answering set so}, Ctrl-C is the byte 3 and not a
 * signal that ends the JVM: whoever {@linkplain #onInterrupt listens} is told. Lines that are typed
 * meanwhile wait.
 */
public final class Keyboard {

  private static final int INTERRUPT = 3;

  /** What was read: a line, or the end. */
  private record Read(@Nullable String line) {}

  private final InputStream in;
  private final BlockingQueue<Read> lines = new LinkedBlockingQueue<>();
  private volatile Runnable listener = () -> {};

  /** Creates a keyboard that begins to read at once. */
  public Keyboard(InputStream in) {
    this.in = in;
    Thread.ofPlatform().daemon().name("sconce-keyboard").start(this::read);
  }

  /** Sets who is told of Ctrl-C. */
  public void onInterrupt(Runnable told) {
    listener = told;
  }

  private void read() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        switch (b) {
          case INTERRUPT -> listener.run();
          case '\n' -> {
            lines.add(new Read(text(line)));
            line.reset();
          }
          default -> line.write(b);
        }
      }
    } catch (IOException e) {
      // A terminal that is gone has no more lines.
    }
    if (line.size() > 0) {
      lines.add(new Read(text(line)));
    }
    lines.add(new Read(null));
  }

  private static String text(ByteArrayOutputStream line) {
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /** Returns the next line; null at the end. */
  public @Nullable String line() {
    try {
      Read read = lines.take();
      if (read.line() == null) {
        lines.add(read);
      }
      return read.line();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
