package dev.sconce.format.pte;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Python source lines that an instruction came from ({@code FrameList}).
 *
 * @param frames the lines, as the exporter ordered them
 */
public record StackTrace(List<Frame> frames) {

  /** Copies the list. */
  public StackTrace {
    frames = List.copyOf(frames);
  }

  /**
   * One source line.
   *
   * @param filename the file
   * @param line the line number
   * @param function the function around it
   * @param context the source text
   */
  public record Frame(
      @Nullable String filename, int line, @Nullable String function, @Nullable String context) {}
}
