package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.export.Export;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sconce generate} over a program that carries its tokenizer. */
class GenerateCommandTest {

  static final Path CHECKPOINT =
      Path.of("..", "export", "src", "test", "resources", "checkpoints", "llama_bf16_sharded");

  @TempDir private static Path folder;

  private static String file = "";

  @BeforeAll
  static void export() throws IOException {
    Path program = folder.resolve("model.pte");
    Export.from(CHECKPOINT).maxSequenceLength(64).to(program);
    file = program.toString();
  }

  private static JsonObject generate(String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "generate";
    all[1] = file;
    all[2] = "--json";
    System.arraycopy(options, 0, all, 3, options.length);
    return CommandRun.of(all).succeeds().json();
  }

  private static List<JsonObject> lines(String... lines) throws IOException {
    Path batch = folder.resolve("lines.jsonl");
    Files.write(batch, List.of(lines));
    CommandRun run = CommandRun.of("generate", file, "--batch", batch.toString()).succeeds();
    return run.out().lines().map(line -> Json.parseObject("answer", line)).toList();
  }

  @Test
  void printsTextAsJsonSaysIt() {
    JsonObject answer = generate("hello", "--max-new-tokens", "8", "--ignore-eos");
    CommandRun plain =
        CommandRun.of("generate", file, "hello", "--max_new_tokens=8", "--ignore_eos");

    assertThat(answer.array("tokens").orElseThrow().size()).isEqualTo(8);
    assertThat(answer.string("finish_reason")).contains("length");
    assertThat(plain.succeeds().out())
        .isEqualTo(answer.string("text").orElseThrow() + System.lineSeparator());
  }

  @Test
  void statsStandBesideTheText() {
    CommandRun run = CommandRun.of("generate", file, "hi", "--max-new-tokens", "3", "--stats");

    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.err()).contains("tokens/s").contains("PyTorchObserver {");
    assertThat(generate("hi", "--max-new-tokens", "3", "--stats").object("stats")).isPresent();
  }

  @Test
  void everySettingIsAnOption() {
    String help = CommandRun.of("generate", "--help").out();

    for (dev.sconce.generate.Setting setting : dev.sconce.generate.Setting.values()) {
      assertThat(help).contains("--" + setting.jsonName().replace('_', '-'));
    }
    assertThat(generate("a", "--ignore-eos", "--max-new-tokens=6", "--temperature=9", "--seed=4"))
        .isNotEqualTo(
            generate("a", "--ignore-eos", "--max-new-tokens=6", "--temperature=9", "--seed=5"));
    assertThat(CommandRun.of("generate", file, "a", "--top-p", "7").err()).contains("top_p");
  }

  @Test
  void drawsAnewEachTimeAndTellsTheSeed() throws IOException {
    String[] options = {"a", "--ignore-eos", "--max-new-tokens=12", "--temperature=3"};
    JsonObject first = generate(options);
    String request =
        "{\"prompt\": \"a\", \"config\": {\"do_sample\": true, \"temperature\": 3.0,"
            + " \"ignore_eos\": true, \"max_new_tokens\": 12}}";
    List<JsonObject> lines = lines(request, request);

    assertThat(generate(options).get("tokens")).isNotEqualTo(first.get("tokens"));
    assertThat(lines.getLast().get("tokens")).isNotEqualTo(lines.getFirst().get("tokens"));
    assertThat(
            generate(
                    "a",
                    "--ignore-eos",
                    "--max-new-tokens=12",
                    "--temperature=3",
                    "--seed=" + first.get("seed").orElseThrow())
                .get("tokens"))
        .isEqualTo(first.get("tokens"));
    assertThat(generate("a", "--max-new-tokens=2").has("seed")).as("nothing is drawn").isFalse();
    JsonValue seed = lines.getFirst().get("seed").orElseThrow();
    String again = request.replace("\"do_sample\"", "\"seed\": " + seed + ", \"do_sample\"");
    assertThat(lines(again).getFirst().get("tokens")).isEqualTo(lines.getFirst().get("tokens"));
  }

  @Test
  void rowsOfABatchAnswerAsTheyDoAlone() throws IOException {
    String config = "\"config\": {\"max_new_tokens\": 5, \"eos_token_id\": []}}";
    List<JsonObject> answers =
        lines(
            "{\"input_ids\": [[0, 0, 1, 40], [1, 50, 60, 70]],"
                + " \"attention_mask\": [[0, 0, 1, 1], [1, 1, 1, 1]], "
                + config,
            "{\"input_ids\": [1, 40], " + config,
            "{\"input_ids\": [1, 50, 60, 70], " + config);

    JsonArray tokens = answers.getFirst().array("tokens").orElseThrow();
    assertThat(tokens.get(0)).isEqualTo(answers.get(1).get("tokens").orElseThrow());
    assertThat(tokens.get(1)).isEqualTo(answers.get(2).get("tokens").orElseThrow());
    assertThat(answers.getFirst().array("sequences").orElseThrow().get(0).toString())
        .startsWith("[0,0,1,40,");
    assertThat(answers.get(1).array("scores").orElseThrow().size()).isEqualTo(5);
  }

  @Test
  void aLineThatFailsIsAnsweredAndTheNextGoesOn() throws IOException {
    List<JsonObject> answers =
        lines(
            "{\"prompt\": \"a\", \"config\": {\"no_such\": 1}}",
            "no json",
            "{\"prompt\": \"a\", \"input_ids\": [1]}",
            "{\"input_ids\": [999999]}",
            "{\"prompt\": \"a\", \"typo\": 1}",
            "{\"prompt\": \"a\", \"config\": {\"max_new_tokens\": 2}}");

    assertThat(answers).hasSize(6);
    assertThat(answers.subList(0, 5)).allMatch(answer -> answer.has("error"));
    assertThat(answers.get(0).string("error").orElseThrow()).contains("no_such");
    assertThat(answers.getLast().has("tokens")).isTrue();
  }

  @Test
  void beamsHaveAScoreForEachSequence() throws IOException {
    JsonObject answer =
        lines(
                "{\"input_ids\": [[1, 40, 50]], \"defaults\": false, \"config\":"
                    + " {\"max_new_tokens\": 4, \"num_beams\": 3, \"num_return_sequences\": 2}}")
            .getFirst();

    assertThat(answer.array("scores").orElseThrow().size()).isEqualTo(2);
    assertThat(answer.array("tokens").orElseThrow().size()).isEqualTo(2);
  }

  @Test
  void withoutDefaultsTheLengthIsThatOfTransformersClass() throws IOException {
    JsonObject answer = lines("{\"input_ids\": [1, 40, 50], \"defaults\": false}").getFirst();

    assertThat(answer.array("sequences").orElseThrow().get(0).toString().split(",")).hasSize(23);
  }

  @Test
  void theProgramsOwnGenerationAnswersAsHostCodeDoes() throws IOException {
    for (String request :
        List.of(
            "\"prompt\": \"hello\", \"config\": {\"max_new_tokens\": 6}",
            "\"prompt\": \"hello\", \"defaults\": false",
            "\"input_ids\": [1, 40, 50], \"config\": {\"max_new_tokens\": 6, \"do_sample\": true,"
                + " \"temperature\": 3.0, \"top_p\": 0.9, \"seed\": 5}")) {
      List<JsonObject> answers =
          lines("{\"embedded\": false, " + request + "}", "{\"embedded\": true, " + request + "}");
      assertThat(answers.getFirst().array("tokens")).isPresent();
      assertThat(answers.getLast().get("tokens")).isEqualTo(answers.getFirst().get("tokens"));
      assertThat(answers.getLast().get("text")).isEqualTo(answers.getFirst().get("text"));
      assertThat(answers.getLast().get("sequences")).isEqualTo(answers.getFirst().get("sequences"));
      assertThat(answers.getLast().get("finish_reason"))
          .isEqualTo(answers.getFirst().get("finish_reason"));
    }
    assertThat(generate("hello", "--max-new-tokens=6", "--embedded").get("tokens"))
        .isEqualTo(generate("hello", "--max-new-tokens=6").get("tokens"));
  }

  @Test
  void whatTheProgramDoesNotHoldNamesTheFlagOfTheExport() throws IOException {
    List<JsonObject> answers =
        lines(
            "{\"embedded\": true, \"input_ids\": [[1, 40], [1, 50]]}",
            "{\"embedded\": true, \"input_ids\": [1, 40], \"config\": {\"num_beams\": 3}}",
            "{\"embedded\": true, \"input_ids\": [1, 40], \"config\": {\"bad_words_ids\": [[7]]}}",
            "{\"embedded\": 1, \"input_ids\": [1, 40]}");

    assertThat(answers.get(0).string("error").orElseThrow()).contains("--batch 2");
    assertThat(answers.get(1).string("error").orElseThrow()).contains("--beams 3");
    assertThat(answers.get(2).string("error").orElseThrow()).contains("--generation-config");
    assertThat(answers.get(3).string("error").orElseThrow()).contains("true or false");
  }

  @Test
  void sequencesKeepThePaddingThatCame() throws IOException {
    JsonObject answer =
        lines(
                "{\"input_ids\": [[9, 9, 1, 40]], \"attention_mask\": [[0, 0, 1, 1]],"
                    + " \"defaults\": false, \"config\": {\"max_length\": 6, \"pad_token_id\": 3}}")
            .getFirst();

    assertThat(answer.array("sequences").orElseThrow().get(0).toString()).startsWith("[9,9,1,40,");
    assertThat(((JsonArray) answer.array("tokens").orElseThrow().get(0)).size())
        .as("lengths count it")
        .isEqualTo(2);
  }

  @Test
  void aTokenThatEveryRuleForbidsHasAScoreThatJsonCanSpell() throws IOException {
    int vocabulary = 211;
    String all =
        java.util.stream.IntStream.range(0, vocabulary)
            .mapToObj(String::valueOf)
            .collect(java.util.stream.Collectors.joining(","));
    JsonObject answer =
        lines(
                "{\"input_ids\": [1, 40], \"config\": {\"max_new_tokens\": 1, \"suppress_tokens\": ["
                    + all
                    + "]}}")
            .getFirst();

    assertThat(answer.array("scores").orElseThrow().toString()).startsWith("[-3.4028");
  }

  @Test
  void settingsOfBeamsCountForNothingWithoutThem() throws IOException {
    String rest = "\"max_new_tokens\": 4}}";
    List<JsonObject> answers =
        lines(
            "{\"input_ids\": [1, 40], \"config\": {\"early_stopping\": true, \"length_penalty\": 2.0, "
                + rest,
            "{\"input_ids\": [1, 40], \"config\": {" + rest);

    assertThat(answers.get(0).has("tokens")).isTrue();
    assertThat(answers.get(0)).isEqualTo(answers.get(1));
  }

  @Test
  void idsNeedNoTokenizer() {
    JsonObject answer = generate("--ids", "1, 40 50", "--max-new-tokens", "2", "--ignore-eos");
    CommandRun plain =
        CommandRun.of("generate", file, "--ids=1,40,50", "--max-new-tokens=2", "--ignore-eos");

    assertThat(plain.succeeds().out().strip().split(" ")).hasSize(2);
    assertThat(answer.array("tokens").orElseThrow().size()).isEqualTo(2);
  }

  @Test
  void namesTheOptionsWhereThereIsNoTokenizer() throws IOException {
    Path bare = folder.resolve("bare.pte");
    Export.from(CHECKPOINT.resolveSibling("gpt2")).selfTests(false).to(bare);
    CommandRun run = CommandRun.of("generate", bare.toString(), "hello");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("--tokenizer", "--ids");
  }

  @Test
  void remindsOfQuotes() {
    CommandRun run = CommandRun.of("generate", file, "hello", "there");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("'there'", "between quotes");
    assertThat(CommandRun.of("generate", file, "a", "--no-such").err()).doesNotContain("quotes");
    assertThat(CommandRun.of("inspect", file, "a").err()).doesNotContain("quotes");
  }

  @Test
  void aProgramThatIsNoModelIsRefused() {
    CommandRun run =
        CommandRun.of("generate", CommandRun.fixture(folder, "getters.pte").toString(), "a");

    assertThat(run.exitCode()).isNotEqualTo(ExitCode.OK);
    assertThat(run.err()).contains("forward");
  }
}
