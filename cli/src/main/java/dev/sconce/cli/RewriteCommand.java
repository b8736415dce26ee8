package dev.sconce.cli;

import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.Rewriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Reads files and writes them again: what comes out must mean the same to every runtime. Hidden,
 * since it serves nothing but the test of that.
 */
@Command(
    name = "rewrite",
    hidden = true,
    description = "Read files and write them again in Sconce's layout.")
final class RewriteCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "IN",
      description = "A file of a format that Sconce writes, or a folder of them.")
  private Path in = Path.of("");

  @Parameters(index = "1", paramLabel = "OUT", description = "A file, or a folder to be made.")
  private Path out = Path.of("");

  @Option(names = "--blobs", description = "Write the XNNPACK blobs of programs anew, too.")
  private boolean blobs;

  RewriteCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Rewriter rewriter = new Rewriter(blobs);
    if (!Files.isDirectory(in)) {
      rewriter.rewrite(in, out);
      return ExitCode.OK;
    }
    List<Path> originals;
    try (Stream<Path> files = Files.walk(in)) {
      originals = files.filter(Rewriter::canRewrite).sorted().toList();
    }
    int programs = 0;
    for (Path original : originals) {
      Path copy = out.resolve(in.relativize(original));
      Files.createDirectories(copy.toAbsolutePath().getParent());
      rewriter.rewrite(original, copy);
      programs += original.toString().endsWith("pte") ? 1 : 0;
    }
    console.out().println(programs + " programs, " + originals.size() + " files");
    return ExitCode.OK;
  }
}
