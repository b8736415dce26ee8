package dev.sconce.base;

import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that Sconce throws on purpose.
 *
 * <p>A message says what was expected, what was found, where, and what to do. The closed set of
 * subclasses tells whose fault it was: the file's, the program's, the caller's or the checkpoint's.
 */
public abstract sealed class SconceException extends RuntimeException
    permits MalformedFileException,
        UnsupportedProgramException,
        InvalidInputException,
        ExecutionFailedException,
        TemplateException,
        ExportException {

  private static final long serialVersionUID = 1L;

  SconceException(String message) {
    super(message);
  }

  SconceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
