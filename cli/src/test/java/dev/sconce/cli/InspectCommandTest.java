package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectCommandTest {

  @TempDir Path folder;

  private CommandRun inspect(String name, String... options) {
    return run(CommandRun.fixture(folder, name), options);
  }

  private static CommandRun run(Path file, String... options) {
    List<String> args = new ArrayList<>(List.of("inspect", file.toString()));
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private static List<JsonObject> rows(JsonObject from, String key) {
    JsonArray array = from.array(key).orElseThrow();
    return array.values().stream().map(JsonObject.class::cast).toList();
  }

  private static List<String> strings(List<JsonObject> rows, String key) {
    return rows.stream().map(row -> row.string(key).orElse("")).toList();
  }

  private static JsonObject named(List<JsonObject> rows, String name) {
    return rows.stream()
        .filter(row -> row.string("name").equals(Optional.of(name)))
        .findFirst()
        .orElseThrow();
  }

  private static JsonObject only(List<JsonObject> rows) {
    assertThat(rows).hasSize(1);
    return rows.getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "int4.pte, pte",
    "two-cases.bpte, bpte",
    "delegate.ptd, ptd",
    "portable.etdp, etdump",
    "int4.xnnpack, xnnpack",
    "all-types.safetensors, safetensors",
    "vector.npy, npy"
  })
  void knowsFormatsByContentWhateverTheName(String name, String format) throws IOException {
    Path renamed = folder.resolve("renamed.bin");
    Files.move(CommandRun.fixture(folder, name), renamed);
    JsonObject json = run(renamed, "--json").succeeds().json();
    assertThat(json.string("format")).contains(format);
    assertThat(json.string("file")).contains(renamed.toString());
    assertThat(json.integer("bytes")).hasValue(Files.size(renamed));
    assertThat(run(renamed).succeeds().out()).startsWith(renamed + ": ");
  }

  @Test
  void programHasTheDocumentedMembers() {
    JsonObject json = inspect("int4.pte", "--json").succeeds().json();
    assertThat(json.members().keySet())
        .containsExactly(
            "file",
            "format",
            "bytes",
            "version",
            "header",
            "programBytes",
            "segmentBase",
            "segmentBytes",
            "inlineConstants",
            "methods",
            "metadata",
            "operators",
            "delegates",
            "blobs",
            "weightKinds",
            "weights",
            "constants",
            "segmentUse",
            "segments",
            "namedData",
            "warnings");
    assertThat(only(rows(json, "methods")).members().keySet())
        .contains("name", "inputs", "outputs", "arenas", "mutableBuffers", "peakBytes")
        .doesNotContain("instructions");
  }

  @Test
  void showsHowWeightsAreQuantized() {
    JsonObject json = inspect("int4.pte", "--json").succeeds().json();
    JsonObject weight = only(rows(json, "weights"));
    assertThat(weight.string("datatype")).contains("qbint4");
    assertThat(weight.string("use")).contains("FullyConnected filter");
    assertThat(weight.integer("groupSize")).hasValue(32);
    long elements = 1;
    for (JsonValue size : weight.array("sizes").orElseThrow()) {
      elements *= Long.parseLong(size.toString());
    }
    assertThat(weight.integer("scales")).hasValue(elements / 32);
    assertThat(weight.integer("bytes")).hasValue(elements / 2);
    assertThat(weight.integer("scaleBytes")).hasValue(elements / 32 * 2);
    assertThat(strings(rows(json, "namedData"), "key"))
        .contains(weight.string("key").orElseThrow(), weight.string("scaleKey").orElseThrow());
    assertThat(only(rows(json, "blobs")).object("nodes").orElseThrow().integer("Convert"))
        .hasValue(1);
  }

  @Test
  void resolvesInstructionsAndMarksJumps() {
    CommandRun run = inspect("jump-loop.pte", "--instructions").succeeds();
    assertThat(run.out()).containsPattern("> \\d+ +\\S+").containsPattern("goto \\d+");
    assertThat(run.out()).contains("self=%").contains("method forward loops");
  }

  @Test
  void namesArgumentsOfInstructionsInJson() {
    JsonObject json =
        inspect("shared-state.pte", "--instructions", "--method", "push", "--json")
            .succeeds()
            .json();
    JsonObject method = only(rows(json, "methods"));
    assertThat(method.string("name")).contains("push");
    JsonObject add = rows(method, "instructions").getFirst();
    assertThat(add.string("callee")).contains("aten::add.out");
    assertThat(strings(rows(add, "arguments"), "name"))
        .containsExactly("self", "other", "alpha", "out", "");
    assertThat(strings(rows(add, "arguments"), "role"))
        .containsExactly("read", "read", "read", "write", "result");
  }

  @Test
  void findsBuffersThatKeepTheirContent() {
    JsonObject json = inspect("shared-state.pte", "--json").succeeds().json();
    for (JsonObject method : rows(json, "methods")) {
      JsonObject buffer = only(rows(method, "mutableBuffers"));
      assertThat(buffer.integer("memoryId")).hasValue(2);
      assertThat(buffer.integer("bytes")).hasValue(12);
    }
  }

  @Test
  void programsWithoutStateHaveNoMutableBuffers() {
    for (String name : List.of("jump-loop.pte", "int4.pte", "getters.pte")) {
      JsonObject json = inspect(name, "--json").succeeds().json();
      for (JsonObject method : rows(json, "methods")) {
        assertThat(rows(method, "mutableBuffers")).as(name).isEmpty();
      }
    }
  }

  @Test
  void showsWhatGettersReturn() {
    JsonObject json = inspect("getters.pte", "--json").succeeds().json();
    List<JsonObject> metadata = rows(json, "metadata");
    JsonObject eos = named(metadata, "get_eos_ids");
    assertThat(eos.array("values").orElseThrow().toString()).isEqualTo("[2,7,32000]");
    JsonObject name = named(metadata, "get_name");
    assertThat(name.array("values").orElseThrow().get(0)).isEqualTo(new JsonString("tiny-model é"));
  }

  @Test
  void reportsEventsByNameWithTotalAndAverage() {
    JsonObject json = inspect("portable.etdp", "--json").succeeds().json();
    JsonObject calls = named(rows(rows(json, "runs").get(1), "times"), "OPERATOR_CALL");
    assertThat(calls.integer("count")).hasValue(5);
    assertThat(calls.number("averageTicks").orElseThrow() * 5)
        .isEqualTo(calls.number("totalTicks").orElseThrow());
  }

  @Test
  void bundledProgramShowsItsTestsAndTheProgramInside() {
    JsonObject json = inspect("two-cases.bpte", "--json").succeeds().json();
    assertThat(rows(json, "tests")).hasSize(2);
    assertThat(json.object("program").orElseThrow().string("format")).contains("pte");
  }

  @Test
  void indexSaysWhichShardsAreMissing() throws IOException {
    CommandRun.fixture(folder, "all-types.safetensors");
    JsonObject shard = run(folder.resolve("all-types.safetensors"), "--json").json();
    String tensor = strings(rows(shard, "tensors"), "name").getFirst();
    Path index = folder.resolve("model.safetensors.index.json");
    Files.writeString(
        index,
        "{\"metadata\":{},\"weight_map\":{\"%s\":\"all-types.safetensors\",\"b\":\"gone.safetensors\"}}"
            .formatted(tensor));
    JsonObject json = run(folder, "--json").succeeds().json();
    assertThat(json.string("format")).contains("safetensors-index");
    assertThat(rows(json, "shards").stream().map(row -> row.bool("missing").orElseThrow()))
        .containsExactly(false, true);
    assertThat(strings(rows(json, "tensors"), "name")).containsExactly(tensor);
  }

  @Test
  void limitShortensTablesAndSaysSo() {
    Path file = CommandRun.fixture(folder, "all-types.safetensors");
    assertThat(run(file, "--limit", "3").succeeds().out()).contains("... and 20 more");
    JsonObject json = run(file, "--limit", "3", "--json").succeeds().json();
    assertThat(rows(json, "tensors")).hasSize(3);
    assertThat(json.integer("tensorsOmitted")).hasValue(20);
    assertThat(rows(run(file, "--json").json(), "tensors")).hasSize(23);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--limit=-1", "--limit=x", "--metod=a"})
  void wrongOptionsAreUsageErrors(String option) {
    assertThat(inspect("int4.pte", option).exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void unknownMethodIsAUsageErrorThatNamesTheMethods() {
    CommandRun run = inspect("shared-state.pte", "--method", "pus");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("peek, push").contains("pus");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void optionsOfProgramsAreErrorsElsewhere() {
    assertThat(inspect("delegate.ptd", "--instructions").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(inspect("vector.npy", "--method", "x").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void missingUnknownAndBrokenFilesAreBadFiles() throws IOException {
    assertThat(run(folder.resolve("none.pte")).exitCode()).isEqualTo(ExitCode.BAD_FILE);
    Path text = Files.writeString(folder.resolve("text.pte"), "hello");
    assertThat(run(text).exitCode()).isEqualTo(ExitCode.BAD_FILE);
    assertThat(run(text).err()).contains("68 65 6c 6c 6f").hasLineCount(1);
    Path empty = Files.createFile(folder.resolve("empty.pte"));
    assertThat(run(empty).exitCode()).isEqualTo(ExitCode.BAD_FILE);
    byte[] bytes = Files.readAllBytes(CommandRun.fixture(folder, "int4.pte"));
    Path cut = Files.write(folder.resolve("cut.pte"), Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(run(cut).exitCode()).isEqualTo(ExitCode.BAD_FILE);
  }

  @Test
  void brokenBlobIsReportedAfterTheRestOfTheProgram() throws IOException {
    Path file = CommandRun.fixture(folder, "int4.pte");
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int magic = text.indexOf("XH00");
    assertThat(magic).isPositive();
    bytes[magic + 4] = 0; // the header's length
    Files.write(file, bytes);
    CommandRun run = run(file, "--json");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_FILE);
    assertThat(strings(rows(run.json(), "warnings"), "code")).contains("broken-blob");
    assertThat(run.err()).contains("header.length");
  }

  @Test
  void coloursOnlyHeadingsAndOnlyOnTerminals() {
    Path file = CommandRun.fixture(folder, "int4.pte");
    String plain = CommandRun.of(false, "inspect", file.toString()).succeeds().out();
    String coloured = CommandRun.of(true, "inspect", file.toString()).succeeds().out();
    assertThat(plain).doesNotContain("\u001B");
    assertThat(coloured).contains("\u001B[1m");
    assertThat(coloured.replaceAll("\u001B\\[\\d+m", "")).isEqualTo(plain);
    assertThat(CommandRun.of(true, "inspect", "--json", file.toString()).out())
        .doesNotContain("\u001B");
  }
}
