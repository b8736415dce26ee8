package dev.sconce.cli;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.memory.MappedFile;
import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.JsonOption;
import dev.sconce.cli.internal.ThreadsOption;
import dev.sconce.cli.internal.VerifyReport;
import dev.sconce.cli.internal.inspect.FileFormat;
import dev.sconce.generate.selftest.SelfTestRunner;
import dev.sconce.runtime.LoadOptions;
import dev.sconce.runtime.verify.Tolerance;
import dev.sconce.runtime.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the tests that a program carries, or recorded cases, and compares with their answers. */
@Command(
    name = "verify",
    description = "Run the self-tests in a program, or recorded cases, on this machine.")
final class VerifyCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "A program with self-tests (.pte), a bundled program (.bpte), a case folder, or a folder"
              + " to search for case folders.")
  private List<Path> paths = List.of();

  @Option(
      names = {"-v", "--verbose"},
      description = "Show every output and every part of a file, not only what is wrong.")
  private boolean verbose;

  @Option(
      names = "--rtol",
      paramLabel = "R",
      description =
          "Relative tolerance for bundled tests, which have none of their own (default:"
              + " ${DEFAULT-VALUE}).")
  private double rtol = 1e-5;

  @Option(
      names = "--atol",
      paramLabel = "A",
      description = "Absolute tolerance for bundled tests (default: ${DEFAULT-VALUE}).")
  private double atol = 1e-6;

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private ThreadsOption threads = new ThreadsOption();

  VerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Tolerance tolerance = tolerance();
    LoadOptions options = threads.apply(LoadOptions.defaults());
    VerifyReport report = new VerifyReport(console, json.wanted(), verbose);
    for (Path path : paths) {
      if (Files.isRegularFile(path)) {
        verifyFile(path, options, tolerance, report);
      } else {
        for (Path folder : casesOf(path)) {
          report.add(Verifier.runCase(folder, options));
        }
      }
    }
    return report.finish() ? ExitCode.OK : ExitCode.CHECK_FAILED;
  }

  private void verifyFile(Path path, LoadOptions options, Tolerance tolerance, VerifyReport report)
      throws IOException {
    FileFormat format;
    try (MappedFile file = MappedFile.open(path)) {
      format = FileFormat.of(file.reader());
    }
    if (format == FileFormat.BPTE) {
      Verifier.runBundle(path, tolerance, options).forEach(report::add);
    } else {
      String name = String.valueOf(path.getFileName());
      SelfTestRunner.run(path, options, result -> report.add(name, result));
      report.end(name);
    }
  }

  private Tolerance tolerance() {
    if (!(rtol >= 0 && atol >= 0)) {
      throw new InvalidInputException(
          "verify", "--rtol, --atol", "numbers of at least 0", rtol + " and " + atol);
    }
    return new Tolerance(rtol, atol);
  }

  private static List<Path> casesOf(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    List<Path> cases = Verifier.findCases(path);
    if (cases.isEmpty()) {
      throw new InvalidInputException(
          "verify",
          "PATH",
          "a .pte or .bpte file, a case folder, or a folder with case folders below it",
          path.toString());
    }
    return cases;
  }
}
