package dev.sconce.cli;

import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.JsonOption;
import dev.sconce.cli.internal.LimitOption;
import dev.sconce.cli.internal.inspect.InspectOptions;
import dev.sconce.cli.internal.inspect.Inspection;
import dev.sconce.cli.internal.inspect.Inspector;
import dev.sconce.cli.internal.report.JsonReport;
import dev.sconce.cli.internal.report.Limit;
import dev.sconce.cli.internal.report.TextReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what is inside a file. */
@Command(
    name = "inspect",
    description = {
      "Show what is inside a file: a program (.pte, .bpte), external data (.ptd), an event dump"
          + " (.etdp), an XNNPACK blob, a checkpoint (safetensors, its index, or its folder), or"
          + " npy.",
      "The format is recognised by the content, not by the name."
    })
final class InspectCommand implements Callable<Integer> {

  private static final int DEFAULT_ROWS = 20;

  private final Console console;
  @Mixin private JsonOption json = new JsonOption();
  @Mixin private LimitOption limit = new LimitOption();

  @Parameters(paramLabel = "FILE", description = "The file.")
  private Path file = Path.of("");

  @Option(
      names = {"-m", "--method"},
      paramLabel = "NAME",
      description = "Show only this method of a program, and what it uses.")
  private @Nullable String method;

  @Option(
      names = {"-i", "--instructions"},
      description = "Show the instructions of methods, one a line.")
  private boolean instructions;

  InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Limit rows = limit.orElse(json.wanted() ? 0 : DEFAULT_ROWS);
    Inspection inspection = Inspector.inspect(file, new InspectOptions(method, instructions));
    if (json.wanted()) {
      console.json(JsonReport.of(inspection.page(), rows));
    } else {
      TextReport.print(inspection.page(), rows, console);
    }
    if (inspection.problem().isPresent()) {
      throw inspection.problem().get();
    }
    return ExitCode.OK;
  }
}
