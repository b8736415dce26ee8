package dev.sconce.cli.internal;

import dev.sconce.base.json.JsonValue;
import dev.sconce.base.json.JsonWriter;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a command writes: results to {@code out}, all else to {@code err}.
 *
 * <p>Colours are used only if {@code out} is a terminal and the environment variable {@code
 * NO_COLOR} is absent or empty (no-color.org).
 */
public final class Console {

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean coloured;
  private final boolean live;

  private Console(PrintWriter out, PrintWriter err, boolean coloured, boolean live) {
    this.out = out;
    this.err = err;
    this.coloured = coloured;
    this.live = live;
  }

  /** Returns the console of this process. */
  public static Console ofSystem() {
    return new Console(
        new PrintWriter(System.out, true, System.out.charset()),
        new PrintWriter(System.err, true, System.err.charset()),
        wantsColour(isTerminal("1"), System.getenv()),
        isTerminal("2") && !"dumb".equals(System.getenv("TERM")));
  }

  /** Returns a console that writes UTF-8 to two streams. */
  public static Console of(OutputStream out, OutputStream err, boolean coloured) {
    Charset utf8 = StandardCharsets.UTF_8;
    return new Console(
        new PrintWriter(out, true, utf8), new PrintWriter(err, true, utf8), coloured, false);
  }

  /** The launcher knows which descriptors are terminals; without it, the JDK's guess counts. */
  @SuppressWarnings("SystemConsoleNull") // since JDK 25 null is back (JDK-8351435)
  private static boolean isTerminal(String descriptor) {
    String terminals = System.getProperty("sconce.terminals");
    if (terminals != null) {
      return terminals.contains(descriptor);
    }
    java.io.Console console = System.console();
    return console != null && console.isTerminal();
  }

  static boolean wantsColour(boolean terminal, Map<String, String> environment) {
    return terminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  /** Returns where results go. */
  public PrintWriter out() {
    return out;
  }

  /** Returns where errors, warnings and progress go. */
  public PrintWriter err() {
    return err;
  }

  /** Returns whether results may carry colours. */
  public boolean coloured() {
    return coloured;
  }

  /** Returns a bar that shows progress on {@code err}. */
  public ProgressBar progressBar() {
    return new ProgressBar(err, live, System::nanoTime);
  }

  /** Returns a text in a style, or as it is where colours are not wanted. */
  public String styled(Style style, String text) {
    return coloured ? style.apply(text) : text;
  }

  /** Prints a line. */
  public void line(String text) {
    out.println(text);
  }

  /** Prints a heading, with an empty line before it. */
  public void heading(String text) {
    out.println();
    out.println(styled(Style.BOLD, text));
  }

  /** Prints a table. */
  public void print(Table table) {
    table.lines(coloured).forEach(out::println);
  }

  /** Prints a table, so many spaces from the left. */
  public void print(Table table, int indent) {
    table.lines(coloured).forEach(line -> out.println(" ".repeat(indent) + line));
  }

  /** Prints a JSON document. */
  public void json(JsonValue value) {
    out.println(JsonWriter.pretty(value));
  }

  /** Prints a warning to {@code err}. */
  public void warn(String text) {
    err.println("sconce: warning: " + text);
  }

  /** Makes sure that everything printed has left this process. */
  public void flush() {
    out.flush();
    err.flush();
  }
}
