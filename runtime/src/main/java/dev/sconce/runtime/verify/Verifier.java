package dev.sconce.runtime.verify;

import dev.sconce.base.SconceException;
import dev.sconce.format.bpte.BundledProgram;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.LoadOptions;
import dev.sconce.runtime.PteModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs recorded cases and compares: the library behind {@code sconce verify}. */
public final class Verifier {

  private Verifier() {}

  /**
   * Returns the case folders at and below a path, sorted.
   *
   * @throws IOException if a folder cannot be read
   */
  public static List<Path> findCases(Path path) throws IOException {
    if (CaseFolder.isOne(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.walk(path)) {
      return files.filter(CaseFolder::isOne).sorted().toList();
    }
  }

  /**
   * Runs a case folder. Whatever goes wrong is in the report.
   *
   * @param folder a folder with {@code case.json}
   */
  public static Report runCase(Path folder) {
    return runCase(folder, LoadOptions.defaults());
  }

  /**
   * Runs a case folder. Whatever goes wrong is in the report.
   *
   * @param folder a folder with {@code case.json}
   * @param options how to load the program; data files and arenas are the case's
   */
  public static Report runCase(Path folder, LoadOptions options) {
    List<OutputCheck> checks = new ArrayList<>();
    try (CaseFolder recorded = CaseFolder.open(folder);
        LoadedProgram program = LoadedProgram.open(recorded.program(), recorded.data(), options)) {
      Tolerance tolerance = recorded.tolerance();
      List<RecordedCall> calls = recorded.calls();
      for (int i = 0; i < calls.size(); i++) {
        checks.addAll(check("call" + i, program.module(), calls.get(i), tolerance));
      }
      return new Report(folder.toString(), checks, null);
    } catch (IOException | SconceException e) {
      return new Report(folder.toString(), checks, e);
    }
  }

  /**
   * Runs all tests of a bundled program, in order on one loaded program.
   *
   * @param file a {@code .bpte} file
   * @return a report for each test
   * @throws IOException if the file cannot be read
   * @throws dev.sconce.base.MalformedFileException if it is not a well-formed bundle
   */
  public static List<Report> runBundle(Path file, Tolerance tolerance) throws IOException {
    return runBundle(file, tolerance, LoadOptions.defaults());
  }

  /**
   * Runs all tests of a bundled program, in order on one loaded program.
   *
   * @param file a {@code .bpte} file
   * @param options how to load the program
   * @return a report for each test
   * @throws IOException if the file cannot be read
   * @throws dev.sconce.base.MalformedFileException if it is not a well-formed bundle
   */
  public static List<Report> runBundle(Path file, Tolerance tolerance, LoadOptions options)
      throws IOException {
    List<Report> reports = new ArrayList<>();
    try (LoadedProgram program = LoadedProgram.open(file, Optional.empty(), options)) {
      for (BundledProgram.Suite suite : program.suites()) {
        for (int i = 0; i < suite.cases().size(); i++) {
          String name = "%s: %s case %d".formatted(file, suite.method(), i);
          reports.add(
              runBundled(
                  name,
                  program.module(),
                  BundledCalls.call(suite.method(), suite.cases().get(i)),
                  tolerance));
        }
      }
    }
    return reports;
  }

  private static Report runBundled(
      String name, PteModule module, RecordedCall call, Tolerance tolerance) {
    try {
      return new Report(name, check(call.method(), module, call, tolerance), null);
    } catch (SconceException e) {
      return new Report(name, List.of(), e);
    }
  }

  private static List<OutputCheck> check(
      String label, PteModule module, RecordedCall call, Tolerance tolerance) {
    EValue[] actual = module.execute(call.method(), call.inputs().toArray(EValue[]::new));
    if (actual.length != call.outputs().size()) {
      String problem = "expected " + call.outputs().size() + " outputs, got " + actual.length;
      return List.of(new OutputCheck(label, Double.NaN, Double.NaN, "", problem));
    }
    List<OutputCheck> checks = new ArrayList<>();
    for (int i = 0; i < actual.length; i++) {
      checks.add(
          Comparison.compare(
              label + ".out" + i,
              call.outputs().get(i),
              call.outputDimOrders().get(i),
              actual[i],
              tolerance));
    }
    return checks;
  }
}
