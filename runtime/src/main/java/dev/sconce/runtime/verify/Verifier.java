package dev.sconce.runtime.verify;

import dev.sconce.base.SconceException;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.LoadOptions;
import dev.sconce.runtime.PteModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    List<OutputCheck> checks = new ArrayList<>();
    try (CaseFolder recorded = CaseFolder.open(folder);
        PteModule module = open(recorded)) {
      Tolerance tolerance = recorded.tolerance();
      List<CaseFolder.Call> calls = recorded.calls();
      for (int i = 0; i < calls.size(); i++) {
        check("call" + i, module, calls.get(i), tolerance, checks);
      }
      return new Report(folder.toString(), checks, null);
    } catch (IOException | SconceException e) {
      return new Report(folder.toString(), checks, e);
    }
  }

  private static PteModule open(CaseFolder recorded) throws IOException {
    // The runtime that recorded the answers gives all methods of a program one set of arenas.
    LoadOptions options = LoadOptions.defaults().withSharedArenas();
    if (recorded.data().isPresent()) {
      options = options.withData(recorded.data().get());
    }
    return PteModule.load(recorded.program(), options);
  }

  private static void check(
      String label,
      PteModule module,
      CaseFolder.Call call,
      Tolerance tolerance,
      List<OutputCheck> checks) {
    EValue[] actual = module.execute(call.method(), call.inputs().toArray(EValue[]::new));
    if (actual.length != call.outputs().size()) {
      checks.add(
          new OutputCheck(
              label,
              Double.NaN,
              Double.NaN,
              "",
              "expected " + call.outputs().size() + " outputs, got " + actual.length));
      return;
    }
    for (int i = 0; i < actual.length; i++) {
      checks.add(
          Comparison.compare(
              label + ".out" + i,
              call.outputs().get(i),
              call.outputDimOrders().get(i),
              actual[i],
              tolerance));
    }
  }
}
