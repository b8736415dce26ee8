package dev.sconce.cli;

/** The exit codes of the sconce command. */
public final class ExitCode {

  /** Everything went well. */
  public static final int OK = 0;

  /** A check that was asked for failed, or a program could not be executed to its end. */
  public static final int CHECK_FAILED = 1;

  /** The command line or an option's value is wrong. */
  public static final int USAGE = 2;

  /** A file or checkpoint is missing, unreadable, malformed or not supported. */
  public static final int BAD_FILE = 3;

  /** Sconce itself failed: a bug, or too little memory. */
  public static final int INTERNAL = 70;

  private ExitCode() {}
}
