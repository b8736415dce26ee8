package dev.sconce.cli;

import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.JsonOption;
import dev.sconce.cli.internal.LimitOption;
import dev.sconce.cli.internal.diff.ProgramDiff;
import dev.sconce.cli.internal.report.JsonReport;
import dev.sconce.cli.internal.report.Limit;
import dev.sconce.cli.internal.report.TextReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows how two programs differ. */
@Command(
    name = "diff",
    description = {
      "Compare two programs (.pte, or those inside of .bpte) by what they mean: methods, metadata,"
          + " operators, instructions, constants by content, delegates, memory.",
      "Ends with 0 if they are equal, with 1 if not."
    })
final class DiffCommand implements Callable<Integer> {

  private static final int DEFAULT_ROWS = 40;

  private final Console console;
  @Mixin private JsonOption json = new JsonOption();
  @Mixin private LimitOption limit = new LimitOption();

  @Parameters(index = "0", paramLabel = "A", description = "A program.")
  private Path a = Path.of("");

  @Parameters(index = "1", paramLabel = "B", description = "Another one.")
  private Path b = Path.of("");

  DiffCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Limit rows = limit.orElse(json.wanted() ? 0 : DEFAULT_ROWS);
    ProgramDiff.Result result = ProgramDiff.compare(a, b);
    if (json.wanted()) {
      console.json(JsonReport.of(result.page(), rows));
    } else {
      TextReport.print(result.page(), rows, console);
    }
    return result.equal() ? ExitCode.OK : ExitCode.CHECK_FAILED;
  }
}
