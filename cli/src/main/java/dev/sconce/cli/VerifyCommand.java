package dev.sconce.cli;

import dev.sconce.base.InvalidInputException;
import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.Style;
import dev.sconce.cli.internal.ThreadsOption;
import dev.sconce.runtime.LoadOptions;
import dev.sconce.runtime.verify.OutputCheck;
import dev.sconce.runtime.verify.Report;
import dev.sconce.runtime.verify.Tolerance;
import dev.sconce.runtime.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs recorded cases and compares the results with what is recorded. */
@Command(name = "verify", description = "Run recorded cases and compare with their answers.")
final class VerifyCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "A case folder, a folder to search for them, or a bundled program (.bpte).")
  private List<Path> paths = List.of();

  @Option(
      names = {"-v", "--verbose"},
      description = "Show every output, not only those that differ too much.")
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

  @Mixin private ThreadsOption threads = new ThreadsOption();

  VerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    LoadOptions options = threads.apply(LoadOptions.defaults());
    int passed = 0;
    int total = 0;
    for (Path path : paths) {
      if (Files.isRegularFile(path)) {
        for (Report report : Verifier.runBundle(path, tolerance(), options)) {
          passed += print(report);
          total++;
        }
      } else {
        for (Path folder : casesOf(path)) {
          passed += print(Verifier.runCase(folder, options));
          total++;
        }
      }
    }
    console.line("%d of %d cases passed".formatted(passed, total));
    return passed == total && total > 0 ? ExitCode.OK : ExitCode.CHECK_FAILED;
  }

  private Tolerance tolerance() {
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
          "a .bpte file, a case folder, or a folder with some below it",
          path.toString());
    }
    return cases;
  }

  /** Prints a report; returns 1 if it passed, else 0. */
  private int print(Report report) {
    String verdict =
        report.passed() ? console.styled(Style.GREEN, "PASS") : console.styled(Style.RED, "FAIL");
    console.line("%s %s  %s".formatted(verdict, report.name(), differences(report)));
    for (OutputCheck check : report.outputs()) {
      if (verbose || !check.passed()) {
        console.line("     " + describe(check));
      }
    }
    Exception failure = report.failure();
    if (failure != null) {
      console.line("     " + failure.getMessage());
    }
    return report.passed() ? 1 : 0;
  }

  private static String differences(Report report) {
    OutputCheck worst = null;
    for (OutputCheck check : report.outputs()) {
      if (check.maxAbsolute() > 0 && (worst == null || check.maxAbsolute() > worst.maxAbsolute())) {
        worst = check;
      }
    }
    return worst == null
        ? ""
        : String.format(
            Locale.ROOT,
            "abs %.3g rel %.3g at %s%s",
            report.maxAbsolute(),
            report.maxRelative(),
            worst.label(),
            worst.where());
  }

  private static String describe(OutputCheck check) {
    String problem = check.problem();
    return String.format(
        Locale.ROOT,
        "%s%s abs %.3g rel %.3g %s",
        check.label(),
        check.where(),
        check.maxAbsolute(),
        check.maxRelative(),
        problem == null ? "ok" : problem);
  }
}
