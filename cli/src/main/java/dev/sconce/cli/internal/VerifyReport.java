package dev.sconce.cli.internal;

import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.generate.selftest.SelfTestResult;
import dev.sconce.runtime.verify.OutputCheck;
import dev.sconce.runtime.verify.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code sconce verify} found: a line per test, and the count at the end. */
public final class VerifyReport {

  private final Console console;
  private final boolean json;
  private final boolean verbose;
  private final List<JsonValue> tests = new ArrayList<>();
  private int passed;
  private int parts;

  /**
   * Creates an empty report.
   *
   * @param json whether one document is printed at the end instead of lines
   * @param verbose whether every output and every part of a file is shown
   */
  public VerifyReport(Console console, boolean json, boolean verbose) {
    this.console = console;
    this.json = json;
    this.verbose = verbose;
  }

  /** Adds a recorded case or a test of a bundle. */
  public void add(Report report) {
    List<String> below = new ArrayList<>();
    for (OutputCheck check : report.outputs()) {
      if (verbose || !check.passed()) {
        below.add(describe(check));
      }
    }
    Exception failure = report.failure();
    if (failure != null) {
      below.add(String.valueOf(failure.getMessage()));
    }
    add(report.name(), report.passed(), differences(report), below);
  }

  /** Adds a self-test. Of the many parts of a file that are as they were, one line tells. */
  public void add(String file, SelfTestResult result) {
    if (result.passed() && result.name().startsWith("content/") && !verbose && !json) {
      parts++;
      count(result.name(), true, result.detail());
      return;
    }
    tellParts(file);
    add(file + ": " + result.name(), result.passed(), result.detail(), List.of());
  }

  /** Ends the self-tests of a file. */
  public void end(String file) {
    tellParts(file);
  }

  private void tellParts(String file) {
    if (parts > 0) {
      line(file + ": content", true, parts + " parts have the SHA-256 that they were written with");
      parts = 0;
    }
  }

  private void add(String name, boolean ok, String detail, List<String> below) {
    count(name, ok, below.isEmpty() ? detail : String.join("; ", below));
    if (!json) {
      line(name, ok, detail);
      below.forEach(line -> console.line("     " + line));
    }
  }

  private void count(String name, boolean ok, String detail) {
    passed += ok ? 1 : 0;
    tests.add(
        JsonObject.builder().put("name", name).put("passed", ok).put("detail", detail).build());
  }

  private void line(String name, boolean ok, String detail) {
    String verdict = ok ? console.styled(Style.GREEN, "PASS") : console.styled(Style.RED, "FAIL");
    console.line("%s %s  %s".formatted(verdict, name, detail).stripTrailing());
  }

  /** Prints the end of the report; returns whether there was something and all of it passed. */
  public boolean finish() {
    int total = tests.size();
    boolean ok = passed == total && total > 0;
    if (json) {
      console.json(
          JsonObject.builder()
              .put("passed", passed)
              .put("failed", total - passed)
              .put("ok", ok)
              .put("tests", new JsonArray(tests))
              .build());
    } else {
      console.line("%d of %d passed".formatted(passed, total));
    }
    return ok;
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
