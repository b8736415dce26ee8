package dev.sconce.cli.internal;

import dev.sconce.base.ExecutionFailedException;
import dev.sconce.base.ExportException;
import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.SconceException;
import dev.sconce.base.TemplateException;
import dev.sconce.base.UnsupportedProgramException;
import dev.sconce.cli.ExitCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns failures into one clear paragraph and an exit code. */
public final class Errors {

  private final Console console;

  /** Creates a reporter to a console. */
  public Errors(Console console) {
    this.console = console;
  }

  /** Reports a wrong command line. */
  public int usage(ParameterException problem) {
    CommandLine line = problem.getCommandLine();
    print(String.valueOf(problem.getMessage()));
    if (problem instanceof UnmatchedArgumentException unmatched) {
      UnmatchedArgumentException.printSuggestions(unmatched, console.err());
      if (takesText(line) && unmatched.getUnmatched().stream().noneMatch(w -> w.startsWith("-"))) {
        console.err().println("A text of several words stands between quotes.");
      }
    }
    console
        .err()
        .println(
            "Try '" + line.getCommandSpec().qualifiedName() + " --help' for what is possible.");
    return ExitCode.USAGE;
  }

  private static boolean takesText(CommandLine line) {
    return line.getCommandSpec().positionalParameters().stream()
        .anyMatch(p -> p.paramLabel().equals("TEXT") || p.paramLabel().equals("PROMPT"));
  }

  /** Reports a failure of a command. */
  public int report(Throwable problem, boolean debug) {
    if (debug) {
      problem.printStackTrace(console.err());
    } else {
      print(describe(problem));
    }
    return exitCode(problem);
  }

  private void print(String message) {
    console.err().println("sconce: " + message);
  }

  private static int exitCode(Throwable problem) {
    return switch (problem) {
      case SconceException known -> exitCode(known);
      case IOException _, UncheckedIOException _ -> ExitCode.BAD_FILE;
      default -> ExitCode.INTERNAL;
    };
  }

  private static int exitCode(SconceException problem) {
    return switch (problem) {
      case MalformedFileException _,
          UnsupportedProgramException _,
          ExportException _,
          TemplateException _ ->
          ExitCode.BAD_FILE;
      case InvalidInputException _ -> ExitCode.USAGE;
      case ExecutionFailedException _ -> ExitCode.CHECK_FAILED;
    };
  }

  private static String describe(Throwable problem) {
    return switch (problem) {
      case SconceException known -> String.valueOf(known.getMessage());
      case UncheckedIOException e when e.getCause() != null -> describe(e.getCause());
      case NoSuchFileException e -> e.getFile() + ": no such file or folder";
      case FileNotFoundException e -> String.valueOf(e.getMessage());
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case NotDirectoryException e -> e.getFile() + ": not a folder";
      case FileAlreadyExistsException e -> e.getFile() + ": exists already";
      case FileSystemException e -> e.getFile() + ": " + e.getReason();
      case IOException e -> "cannot read or write: " + e.getMessage();
      case OutOfMemoryError e ->
          "out of memory (%s); the heap may take %s, SCONCE_JAVA_OPTS=-Xmx8g would raise it to 8 GiB"
              .formatted(e.getMessage(), HumanSize.of(Runtime.getRuntime().maxMemory()));
      default ->
          "internal error: %s. This is a bug: please report it with the output of --debug"
              .formatted(problem);
    };
  }
}
