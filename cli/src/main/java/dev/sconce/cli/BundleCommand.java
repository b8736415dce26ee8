package dev.sconce.cli;

import dev.sconce.base.json.JsonObject;
import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.HumanSize;
import dev.sconce.cli.internal.JsonOption;
import dev.sconce.cli.internal.OutputFile;
import dev.sconce.cli.internal.Table;
import dev.sconce.generate.selftest.SelfTestBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns a program and its self-tests into a bundled program for the official runtime. */
@Command(
    name = "bundle",
    description = "Put a program and its self-tests into a .bpte for the official runtime.")
final class BundleCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(paramLabel = "FILE", description = "A program with self-tests.")
  private Path program = Path.of("");

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The bundled program to write.")
  private Path output = Path.of("");

  @Mixin private JsonOption json = new JsonOption();

  BundleCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    OutputFile.check("bundle", "--output", output, program);
    int calls = SelfTestBundle.write(program, output);
    long bytes = Files.size(output);
    if (json.wanted()) {
      console.json(
          JsonObject.builder()
              .put("file", output.toString())
              .put("bytes", bytes)
              .put("calls", calls)
              .build());
    } else {
      console.print(
          Table.plain()
              .row("wrote", output.toString())
              .row("size", HumanSize.of(bytes))
              .row("calls", Integer.toString(calls)));
    }
    return ExitCode.OK;
  }
}
