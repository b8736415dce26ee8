package dev.sconce.cli;

import dev.sconce.cli.internal.Console;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteFileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Reads programs and writes them again: what comes out must mean the same to every runtime. Hidden,
 * since it serves nothing but the test of that.
 */
@Command(
    name = "rewrite",
    hidden = true,
    description = "Read programs and write them again in Sconce's layout.")
final class RewriteCommand implements Callable<Integer> {

  private static final String EXTENSION = ".pte";

  private final Console console;

  @Parameters(index = "0", paramLabel = "IN", description = "A .pte file, or a folder of them.")
  private Path in = Path.of("");

  @Parameters(index = "1", paramLabel = "OUT", description = "A file, or a folder to be made.")
  private Path out = Path.of("");

  RewriteCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(in)) {
      rewrite(in, out);
      return ExitCode.OK;
    }
    List<Path> programs;
    try (Stream<Path> files = Files.walk(in)) {
      programs = files.filter(file -> file.toString().endsWith(EXTENSION)).sorted().toList();
    }
    for (Path program : programs) {
      Path copy = out.resolve(in.relativize(program));
      Files.createDirectories(copy.toAbsolutePath().getParent());
      rewrite(program, copy);
    }
    console.out().println(programs.size() + " programs");
    return ExitCode.OK;
  }

  private static void rewrite(Path program, Path copy) throws IOException {
    try (PteFile file = PteFile.open(program)) {
      PteFileWriter.rewrite(file, copy);
    }
  }
}
