package dev.sconce.base;

import java.util.Locale;

/** A file that breaks the rules of its format; says where, what was expected and what was found. */
public final class MalformedFileException extends SconceException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;
  private final String path;
  private final String expected;
  private final String found;

  /**
   * Creates an exception for one broken rule.
   *
   * @param file the file's name, or what stands for it ("tokenizer.json", "delegate blob 3")
   * @param offset the byte offset in the file where the trouble was met, or -1 if it has none
   * @param path the path of the field inside the format, for example {@code execution_plan[0].name}
   * @param expected what the format asks for there
   * @param found what stands there
   */
  public MalformedFileException(
      String file, long offset, String path, String expected, String found) {
    super(message(file, offset, path, expected, found));
    this.file = file;
    this.offset = offset;
    this.path = path;
    this.expected = expected;
    this.found = found;
  }

  private static String message(
      String file, long offset, String path, String expected, String found) {
    String where = path.isEmpty() ? "" : ", " + path;
    String at = offset < 0 ? "" : String.format(Locale.ROOT, " at byte %d (0x%x)", offset, offset);
    return "%s%s%s: expected %s, found %s".formatted(file, at, where, expected, found);
  }

  /** Returns the name of the file, or what stands for it. */
  public String file() {
    return file;
  }

  /** Returns the byte offset at which the trouble was met, or -1. */
  public long offset() {
    return offset;
  }

  /** Returns the path of the field inside the format; empty if the file as a whole is meant. */
  public String path() {
    return path;
  }

  /** Returns what the format asks for. */
  public String expected() {
    return expected;
  }

  /** Returns what was there instead. */
  public String found() {
    return found;
  }
}
