package dev.sconce.cli.internal.inspect;

import dev.sconce.cli.internal.report.Cell;
import dev.sconce.cli.internal.report.Column;
import dev.sconce.cli.internal.report.Fact;
import dev.sconce.cli.internal.report.Page;
import dev.sconce.cli.internal.report.Section;
import dev.sconce.cli.internal.report.Section.Rows;
import dev.sconce.format.bpte.BundledProgram;
import dev.sconce.format.bpte.BundledProgram.Case;
import dev.sconce.format.bpte.BundledProgram.Suite;
import dev.sconce.format.bpte.BundledProgramFile;
import dev.sconce.format.bpte.BundledValue;
import dev.sconce.format.pte.PteFile;
import java.util.List;

/** The report of a program with tests: the tests, then the program inside. */
final class BundlePage {

  private BundlePage() {}

  static Inspection inspect(
      BundledProgramFile file, String name, long size, InspectOptions options) {
    BundledProgram bundle = file.bundle();
    try (PteFile program = PteFile.of(file.program())) {
      Inspection inside = ProgramPage.inspect(program, name + " (program)", options);
      Page page =
          new Page(
              FileFormat.BPTE.title(name, size),
              List.of(
                  Fact.json("file", Cell.of(name)),
                  Fact.json("format", Cell.of(FileFormat.BPTE.key())),
                  Fact.json("bytes", Cell.of(size)),
                  Fact.json("version", Cell.of(bundle.version())),
                  Fact.of("suites", "methods with tests", Cell.of(bundle.suites().size())),
                  Fact.of("programBytes", "program", Cell.bytes(bundle.program().size()))),
              List.of(tests(bundle, options), new Section.Single("program", inside.page())));
      return new Inspection(page, inside.problem());
    }
  }

  private static Rows tests(BundledProgram bundle, InspectOptions options) {
    Section.Builder rows =
        Rows.of(
            "tests",
            "tests",
            Column.of("method", "method"),
            Column.of("case", ">case"),
            Column.of("inputs", "inputs"),
            Column.of("expected", "expected outputs"));
    String only = options.method();
    for (Suite suite : bundle.suites()) {
      if (only != null && !only.equals(suite.method())) {
        continue;
      }
      int index = 0;
      for (Case test : suite.cases()) {
        rows.row(
            Cell.of(suite.method()),
            Cell.of(index++),
            values(test.inputs()),
            values(test.expected()));
      }
    }
    return rows.build();
  }

  private static Cell values(List<BundledValue> values) {
    return Cell.texts(values.stream().map(BundlePage::describe).toList());
  }

  private static String describe(BundledValue value) {
    return switch (value) {
      case BundledValue.TensorValue tensor -> Values.tensor(tensor.dtype(), tensor.sizes());
      case BundledValue.IntValue(long number) -> Long.toString(number);
      case BundledValue.BoolValue(boolean flag) -> Boolean.toString(flag);
      case BundledValue.DoubleValue(double number) -> Double.toString(number);
    };
  }
}
