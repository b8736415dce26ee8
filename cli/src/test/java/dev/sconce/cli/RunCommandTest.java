package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.DType;
import dev.sconce.cli.internal.Console;
import dev.sconce.format.Ints;
import dev.sconce.format.npy.Npy;
import dev.sconce.format.npy.NpyArray;
import dev.sconce.format.pte.OperatorRef;
import dev.sconce.format.pte.PlanBuilder;
import dev.sconce.format.pte.PteBuilder;
import dev.sconce.format.pte.PteFileWriter;
import dev.sconce.format.pte.PteValue.Allocation;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.ShapeDynamism;
import dev.sconce.format.pte.PteValue.TensorValue;
import dev.sconce.runtime.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String program = "";

  /** forward(x, y) = x + y on int64[3]. */
  @BeforeEach
  void writeProgram() throws IOException {
    PteBuilder builder = new PteBuilder();
    PlanBuilder plan = builder.plan("forward");
    int x = plan.value(tensor(0));
    int y = plan.value(tensor(32));
    int sum = plan.value(tensor(64));
    plan.input(x);
    plan.input(y);
    plan.output(sum);
    plan.call(new OperatorRef("aten::add", "out"), x, y, plan.literal(new IntValue(1)), sum, sum);
    builder.getter("get_n", new IntValue(3));
    Path file = folder.resolve("add.pte");
    try (PteFileWriter writer = PteFileWriter.create(file, builder.build())) {
      writer.finish();
    }
    program = file.toString();
  }

  private static TensorValue tensor(long offset) {
    return new TensorValue(
        DType.INT64,
        0,
        Ints.of(3),
        Ints.of(0),
        false,
        0,
        new Allocation(1, offset),
        0,
        ShapeDynamism.STATIC,
        null);
  }

  @Test
  void takesInputsFromSeveralKindsOfFilesAndPrints() throws IOException {
    String json =
        write(
            "y.json",
            "{\"inputs\": [{\"dtype\": \"int64\", \"data\": [[10], [20], [9007199254740993]]}]}");
    int code = run("run", program, "--input", npy(1, 2, 3), "--input", json);

    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(text()).isEqualTo("out0: int64[3] [11, 22, 9007199254740996]\n");
  }

  @Test
  void writesOutputs() throws IOException {
    String x = npy(1, 2, 3);
    Path target = folder.resolve("results");
    assertThat(run("run", program, "-i", x, "-i", x, "-o", target.toString()))
        .isEqualTo(ExitCode.OK);

    NpyArray array = Npy.read(target.resolve("out0.npy"));
    assertThat(Tensor.ofSegment(array.dtype(), array.data(), 3).toLongArray())
        .containsExactly(2, 4, 6);
  }

  @Test
  void printsGetters() {
    assertThat(run("run", program, "--method", "get_n")).isEqualTo(ExitCode.OK);
    assertThat(text()).isEqualTo("out0: 3\n");
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    assertThat(run("run", program, "-i", npy(1, 2, 3))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("expected 2 values, found 1");
    String bad = write("bad.json", "{\"inputs\": [{\"dtype\": \"int65\", \"data\": []}]}");
    assertThat(run("run", program, "-i", bad)).isEqualTo(ExitCode.BAD_FILE);
    assertThat(run("verify", folder.toString())).isEqualTo(ExitCode.USAGE);
  }

  private String npy(long... values) throws IOException {
    Path file = folder.resolve("x.npy");
    Npy.write(
        file, NpyArray.of(DType.INT64, List.of((long) values.length), Tensor.of(values).memory()));
    return file.toString();
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private int run(String... args) {
    return Main.run(Console.of(out, err, false), args);
  }
}
