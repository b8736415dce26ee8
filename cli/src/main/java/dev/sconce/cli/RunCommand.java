package dev.sconce.cli;

import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.InputFiles;
import dev.sconce.cli.internal.OutputFile;
import dev.sconce.cli.internal.ThreadsOption;
import dev.sconce.format.npy.Npy;
import dev.sconce.format.npy.NpyArray;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.EtDumpTracer;
import dev.sconce.runtime.LoadOptions;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Executes one method of a program. */
@Command(name = "run", description = "Execute a method of a program.")
final class RunCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(paramLabel = "FILE", description = "The program, a .pte file.")
  private Path file = Path.of("");

  @Option(
      names = {"-m", "--method"},
      paramLabel = "M",
      description = "The method (default: ${DEFAULT-VALUE}).")
  private String method = "forward";

  @Option(
      names = {"-i", "--input"},
      paramLabel = "FILE",
      description =
          "Inputs in order: an .npy is one, a .safetensors all its tensors, a .json"
              + " {\"inputs\": [{\"dtype\": …, \"shape\": …, \"data\": …} or a scalar, …]}.")
  private List<Path> inputs = List.of();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "A .ptd file that the program needs.")
  private List<Path> data = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description =
          "Write tensors as out0.npy, out1.npy, … into a folder instead of printing them.")
  private @Nullable Path output;

  @Option(
      names = "--etdump",
      paramLabel = "FILE",
      description = "Write what ran and for how long, for ExecuTorch's Inspector (.etdp).")
  private @Nullable Path etdump;

  @Mixin private ThreadsOption threads = new ThreadsOption();

  RunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    LoadOptions options = threads.apply(LoadOptions.defaults()).withData(data.toArray(Path[]::new));
    EtDumpTracer tracer = new EtDumpTracer();
    if (etdump != null) {
      OutputFile.check("run", "--etdump", etdump, used());
      options = options.withTracer(tracer);
    }
    try (PteModule module = PteModule.load(file, options)) {
      EValue[] results = module.execute(method, InputFiles.read(inputs).toArray(EValue[]::new));
      for (int i = 0; i < results.length; i++) {
        show(i, results[i]);
      }
    }
    if (etdump != null) {
      tracer.write(etdump);
    }
    return ExitCode.OK;
  }

  private Path[] used() {
    return Stream.of(List.of(file), data, inputs).flatMap(List::stream).toArray(Path[]::new);
  }

  private void show(int index, EValue value) throws IOException {
    String label = "out" + index + ": ";
    switch (value) {
      case EValue.OfTensor(Tensor tensor) -> {
        if (output == null) {
          console.line(label + tensor);
        } else {
          write(output.resolve("out" + index + ".npy"), label, tensor);
        }
      }
      case EValue.OfInt(long number) -> console.line(label + number);
      case EValue.OfDouble(double number) -> console.line(label + number);
      case EValue.OfBool(boolean bool) -> console.line(label + bool);
      case EValue.OfString(String string) -> console.line(label + string);
      case EValue.None _ -> console.line(label + "none");
      case EValue.OfList(List<EValue> items) -> console.line(label + items);
    }
  }

  private void write(Path target, String label, Tensor tensor) throws IOException {
    Files.createDirectories(target.toAbsolutePath().getParent());
    Tensor rows =
        tensor.isContiguous() ? tensor : tensor.copy(IntStream.range(0, tensor.rank()).toArray());
    List<Long> shape = Arrays.stream(rows.shape()).boxed().toList();
    Npy.write(target, NpyArray.of(rows.dtype(), shape, rows.memory()));
    console.line(label + rows.dtype() + shape + " in " + target);
  }
}
