package dev.sconce.base;

/** A checkpoint or option that cannot be exported; names the config key or tensor. */
public final class ExportException extends SconceException {

  private static final long serialVersionUID = 1L;

  private final String subject;

  /**
   * Creates an exception about one config key, tensor or option.
   *
   * @param subject the config key, tensor name or option
   * @param problem what is wrong with it, and the nearest thing that is supported
   */
  public ExportException(String subject, String problem) {
    super("%s: %s".formatted(subject, problem));
    this.subject = subject;
  }

  /** Returns the config key, tensor name or option. */
  public String subject() {
    return subject;
  }
}
