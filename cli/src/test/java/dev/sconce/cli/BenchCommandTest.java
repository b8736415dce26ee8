package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.DType;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.cli.internal.Console;
import dev.sconce.format.Ints;
import dev.sconce.format.pte.OperatorRef;
import dev.sconce.format.pte.PlanBuilder;
import dev.sconce.format.pte.PteBuilder;
import dev.sconce.format.pte.PteFileWriter;
import dev.sconce.format.pte.PteValue.Allocation;
import dev.sconce.format.pte.PteValue.BoolValue;
import dev.sconce.format.pte.PteValue.IntValue;
import dev.sconce.format.pte.PteValue.ShapeDynamism;
import dev.sconce.format.pte.PteValue.TensorValue;
import dev.sconce.runtime.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {

  private static final int VOCABULARY = 6;

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Logits are a row of a table, whatever the positions. */
  private String languageModel(int positions, ShapeDynamism dynamism, int longest)
      throws IOException {
    PteBuilder builder = new PteBuilder();
    Tensor table = Tensor.zeros(DType.FLOAT32, VOCABULARY, VOCABULARY);
    int data = builder.constant(table.memory().byteSize());
    PlanBuilder plan = builder.plan("forward");
    int ids = plan.value(planned(DType.INT64, 0, dynamism, 1, longest));
    int position = plan.value(planned(DType.INT64, 1024, dynamism, positions));
    int logits = plan.value(planned(DType.FLOAT32, 2048, dynamism, 1, longest, VOCABULARY));
    int weights =
        plan.value(tensor(DType.FLOAT32, data, null, ShapeDynamism.STATIC, VOCABULARY, VOCABULARY));
    plan.input(ids);
    plan.input(position);
    plan.output(logits);
    int no = plan.literal(new BoolValue(false));
    plan.call(
        new OperatorRef("aten::embedding", "out"),
        weights,
        ids,
        plan.literal(new IntValue(-1)),
        no,
        no,
        logits,
        logits);
    builder.getter("get_max_context_len", new IntValue(64));
    Path file = folder.resolve("model.pte");
    try (PteFileWriter writer = PteFileWriter.create(file, builder.build())) {
      writer.write(PteBuilder.CONSTANT_SEGMENT, table.memory());
      writer.finish();
    }
    return file.toString();
  }

  private static TensorValue planned(
      DType dtype, long offset, ShapeDynamism dynamism, int... sizes) {
    return tensor(dtype, 0, new Allocation(1, offset), dynamism, sizes);
  }

  private static TensorValue tensor(
      DType dtype, int buffer, Allocation allocation, ShapeDynamism dynamism, int... sizes) {
    return new TensorValue(
        dtype,
        0,
        Ints.of(sizes),
        Ints.of(IntStream.range(0, sizes.length).toArray()),
        false,
        buffer,
        allocation,
        0,
        dynamism,
        null);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16}) // A start position, or one for each token.
  void measuresLanguageModels(int positions) throws IOException {
    String file = languageModel(positions, ShapeDynamism.DYNAMIC_BOUND, 16);

    assertThat(bench(file, "--prompt", "40", "--decode", "8", "--threads", "2", "--json"))
        .isEqualTo(ExitCode.OK);

    assertThat(text().lines()).hasSize(1);
    JsonObject report = Json.parseObject("report", text());
    assertThat(report.number("threads")).hasValue(2);
    for (String rate : new String[] {"prefill_tok_s", "decode_tok_s", "read_gb_s"}) {
      assertThat(report.number(rate).orElseThrow()).as(rate).isPositive();
    }
    assertThat(report.number("weight_bytes_per_token")).hasValue(4 * VOCABULARY);
    assertThat(report.members()).containsKeys("load_s", "rss_load_mb", "rss_peak_mb");
  }

  @Test
  void measuresTheLatencyOfOtherPrograms() throws IOException {
    String file = languageModel(1, ShapeDynamism.STATIC, 16);
    Path inputs = folder.resolve("inputs.json");
    String ids = "[" + "1,".repeat(15) + "1]";
    Files.writeString(
        inputs,
        """
        {"inputs": [{"dtype": "int64", "shape": [1, 16], "data": %s},
                    {"dtype": "int64", "data": [0]}]}"""
            .formatted(ids));
    assertThat(bench(file, "--input", inputs.toString(), "--runs", "3", "--json"))
        .isEqualTo(ExitCode.OK);
    JsonObject report = Json.parseObject("report", text());
    assertThat(report.number("runs")).hasValue(3);
    assertThat(report.number("latency_ms").orElseThrow())
        .isPositive()
        .isBetween(
            report.number("latency_min_ms").orElseThrow(),
            report.number("latency_max_ms").orElseThrow());

    assertThat(bench(file, "-m", "get_max_context_len", "--runs", "1")).isEqualTo(ExitCode.OK);
  }

  @Test
  void refusesWhatItCannotHonour() throws IOException {
    String file = languageModel(1, ShapeDynamism.STATIC, 16);
    assertThat(bench(file, "--prompt", "60", "--decode", "8")).isEqualTo(ExitCode.USAGE);
    assertThat(bench(file, "--prompt", "20", "--decode", "8")).isEqualTo(ExitCode.USAGE);
    assertThat(bench(file, "--runs", "3")).isEqualTo(ExitCode.USAGE);
    assertThat(bench(file, "--threads", "0")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("at most 64 tokens")
        .contains("a multiple of 16")
        .contains("--runs")
        .contains("--threads");
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private int bench(String file, String... options) {
    String[] args = new String[options.length + 4];
    args[0] = "bench";
    args[1] = file;
    args[2] = "--warmup";
    args[3] = "0";
    System.arraycopy(options, 0, args, 4, options.length);
    return run(args);
  }

  private int run(String... args) {
    return Main.run(Console.of(out, err, false), args);
  }
}
