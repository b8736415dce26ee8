package dev.sconce.cli.internal.chat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The terminal's modes, changed by {@code stty}: Java can neither change them nor handle signals
 * without internal classes.
 *
 * <p>While a model answers, Ctrl-C is to stop the answer and not the JVM, so the terminal passes it
 * on as a byte, at once and unseen. Where there is no terminal or no stty, nothing is changed, and
 * Ctrl-C ends the program as ever.
 */
public final class Terminal implements AutoCloseable {

  private final String saved;

  private Terminal(String saved) {
    this.saved = saved;
  }

  /** Returns the terminal of this process. */
  public static Terminal ofSystem() {
    return new Terminal(stty(List.of("-g")));
  }

  /** Returns a terminal whose modes nobody changes. */
  public static Terminal none() {
    return new Terminal("");
  }

  /** Has Ctrl-C arrive as a byte until {@link #listening}. */
  public void answering() {
    if (!saved.isEmpty()) {
      stty(List.of("-isig", "-icanon", "-echo", "min", "1"));
    }
  }

  /** Sets the modes as they were. */
  public void listening() {
    if (!saved.isEmpty()) {
      stty(List.of(saved));
    }
  }

  /** Sets the modes as they were. */
  @Override
  public void close() {
    listening();
  }

  private static String stty(List<String> arguments) {
    File terminal = new File("/dev/tty");
    if (!terminal.exists()) {
      return "";
    }
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(arguments);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(terminal)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      return process.waitFor() == 0 ? output : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
