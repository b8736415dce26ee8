package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonObject;
import dev.sconce.export.Export;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code sconce translate}: every way in which models are told languages ends in the request that
 * {@code generate} gets by token ids. Words {@code w3} to {@code w26} are tokens of these numbers.
 */
final class TranslateCommandTest {

  private static final Path CHECKPOINTS =
      Path.of("..", "export", "src", "test", "resources", "checkpoints");
  private static final int FRENCH = 27;
  private static final int GERMAN = 28;
  private static final int END = 2;
  private static final String LENGTH = "\"max_new_tokens\": 6, \"eos_token_id\": []";

  @TempDir private Path folder;

  /**
   * Exports a checkpoint with a tokenizer of words.
   *
   * @param french the token of French
   * @param german the token of German
   * @param around the tokens that stand around a text, which is {@code $A}
   */
  private String program(String checkpoint, String french, String german, String... around)
      throws IOException {
    Path copy = Files.createDirectory(folder.resolve("checkpoint"));
    try (Stream<Path> files = Files.list(CHECKPOINTS.resolve(checkpoint))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Files.writeString(copy.resolve("tokenizer.json"), tokenizer(french, german, around));
    Files.writeString(copy.resolve("generation_config.json"), "{" + LENGTH + "}");
    Path file = folder.resolve("model.pte");
    Export.from(copy).maxSequenceLength(24).checked(false).selfTests(false).to(file);
    return file.toString();
  }

  private static String tokenizer(String french, String german, String... around) {
    Map<Integer, String> words = new TreeMap<>(Map.of(0, "<s>", 1, "<pad>", END, "</s>"));
    for (int id = 3; id < FRENCH; id++) {
      words.put(id, "w" + id);
    }
    words.putAll(Map.of(FRENCH, french, GERMAN, german, 29, "<unk>"));
    Map<String, Integer> special = Map.of("</s>", END, french, FRENCH, german, GERMAN);
    String pieces =
        Stream.of(around)
            .map(
                piece ->
                    piece.equals("$A")
                        ? "{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}"
                        : "{\"SpecialToken\": {\"id\": \"" + piece + "\", \"type_id\": 0}}")
            .collect(Collectors.joining(","));
    return """
    {"version": "1.0", "truncation": null, "padding": null, "normalizer": null, "added_tokens": [%s],
     "pre_tokenizer": {"type": "WhitespaceSplit"},
     "post_processor": {"type": "TemplateProcessing", "single": [%s], "pair": [%s], "special_tokens": {%s}},
     "decoder": null, "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {%s}}}\
    """
        .formatted(
            special.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(
                    e ->
                        ("{\"id\": %d, \"content\": \"%s\", \"single_word\": false, \"lstrip\":"
                                + " false, \"rstrip\": false, \"normalized\": false, \"special\":"
                                + " true}")
                            .formatted(e.getValue(), e.getKey()))
                .collect(Collectors.joining(",")),
            pieces,
            pieces,
            special.entrySet().stream()
                .map(
                    e ->
                        "\"%s\": {\"id\": \"%s\", \"ids\": [%d], \"tokens\": [\"%s\"]}"
                            .formatted(e.getKey(), e.getKey(), e.getValue(), e.getKey()))
                .collect(Collectors.joining(",")),
            words.entrySet().stream()
                .map(e -> "\"%s\": %d".formatted(e.getValue(), e.getKey()))
                .collect(Collectors.joining(",")));
  }

  private static JsonArray translated(String... arguments) {
    String[] all =
        Stream.concat(Stream.of("translate"), Stream.of(arguments)).toArray(String[]::new);
    return tokens(
        CommandRun.of(Stream.concat(Stream.of(all), Stream.of("--json")).toArray(String[]::new)));
  }

  private static JsonArray tokens(CommandRun run) {
    return run.succeeds().json().array("tokens").orElseThrow();
  }

  private static double score(String file, String text, String... options) {
    String[] all =
        Stream.concat(Stream.of("translate", file, text, "--json"), Stream.of(options))
            .toArray(String[]::new);
    return CommandRun.of(all).succeeds().json().number("score").orElseThrow();
  }

  /** The same by token ids. */
  private JsonArray generated(String file, List<Integer> source, String more) throws IOException {
    Path line = folder.resolve("line.jsonl");
    Files.writeString(
        line, "{\"input_ids\": %s, \"config\": {%s%s}}".formatted(source, LENGTH, more));
    CommandRun run = CommandRun.of("generate", file, "--batch", line.toString()).succeeds();
    JsonObject answer = Json.parseObject("answer", run.out());
    return answer.array("tokens").orElseThrow();
  }

  @Test
  void languageBeforeTheSourceForcesTheFirstToken() throws IOException {
    String nllb = program("m2m_100_tiny", "fra_Latn", "deu_Latn", "fra_Latn", "$A", "</s>");
    JsonArray german = translated(nllb, "w5 w9", "--to", "deu_Latn");

    assertThat(german.get(0)).hasToString("" + GERMAN);
    assertThat(german)
        .isEqualTo(
            generated(nllb, List.of(FRENCH, 5, 9, END), ", \"forced_bos_token_id\": " + GERMAN));
    assertThat(translated(nllb, "w5 w9", "--from", "deu", "--to", "fra"))
        .isEqualTo(
            generated(nllb, List.of(GERMAN, 5, 9, END), ", \"forced_bos_token_id\": " + FRENCH));
  }

  @Test
  void marksOfM2mNeedNotBeTyped() throws IOException {
    String m2m = program("m2m_100_tiny", "__fr__", "__de__", "__fr__", "$A", "</s>");

    assertThat(translated(m2m, "w7", "--from", "fr", "--to", "de"))
        .isEqualTo(translated(m2m, "w7", "--from", "__fr__", "--to", "__de__"))
        .isEqualTo(generated(m2m, List.of(FRENCH, 7, END), ", \"forced_bos_token_id\": " + GERMAN));
  }

  @Test
  void languageBehindTheSourceIsWhatTheDecoderStartsWith() throws IOException {
    String mbart = program("bart_tiny", "fr_XX", "de_DE", "$A", "</s>", "fr_XX");

    assertThat(translated(mbart, "w5 w9", "--to", "de"))
        .isEqualTo(
            generated(
                mbart, List.of(5, 9, END, FRENCH), ", \"decoder_start_token_id\": " + GERMAN));
  }

  @Test
  void marianIsToldTheTargetInTheSource() throws IOException {
    String marian = program("marian_tiny", ">>fra<<", ">>deu<<", "$A", "</s>");

    assertThat(translated(marian, "w5 w9", "--to", "deu"))
        .isEqualTo(generated(marian, List.of(GERMAN, 5, 9, END), ""));
    CommandRun refused = CommandRun.of("translate", marian, "w5", "--from", "fra", "--to", "deu");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains("from");
    assertThat(CommandRun.of("translate", marian, "w5", "--to", "ita").err())
        .contains(">>deu<<, >>fra<<");
  }

  @Test
  void prefixesOfT5GoBeforeTheText() throws IOException {
    String t5 = program("t5_tiny", "<a>", "<b>", "$A", "</s>");

    assertThat(translated(t5, "w5 w9", "--prefix", "w3 w4 "))
        .isEqualTo(generated(t5, List.of(3, 4, 5, 9, END), ""));
    assertThat(score(t5, "w5 w9", "--prefix", "w3 w4 "))
        .isEqualTo(score(t5, "w3 w4 w5 w9"))
        .isNotEqualTo(score(t5, "w5 w9"));
    assertThat(CommandRun.of("translate", t5, "w5", "--to", "de").err())
        .contains("knows no languages", "prefix");
  }

  @Test
  void settingsAreLaidOverThoseOfTheProgram() throws IOException {
    String t5 = program("t5_tiny", "<a>", "<b>", "$A", "</s>");
    Path settings = folder.resolve("settings.json");
    Files.writeString(settings, "{\"num_beams\": 2, \"max_new_tokens\": 3}");

    assertThat(translated(t5, "w5", "--config", settings.toString()))
        .isEqualTo(translated(t5, "w5", "--num-beams", "2", "--max-new-tokens", "3"))
        .isEqualTo(generated(t5, List.of(5, END), ", \"num_beams\": 2, \"max_new_tokens\": 3"));
    CommandRun plain = CommandRun.of("translate", t5, "w5").succeeds();
    CommandRun json = CommandRun.of("translate", t5, "w5", "--json", "--stats").succeeds();
    assertThat(plain.out().strip()).isEqualTo(json.json().string("text").orElseThrow().strip());
    assertThat(json.json().string("finish_reason")).contains("length");
    assertThat(json.json().object("stats")).isPresent();
    CommandRun stats = CommandRun.of("translate", t5, "w5", "--stats");
    assertThat(stats.out()).as("results alone").isEqualTo(plain.out());
    assertThat(stats.err()).contains("tokens/s", "PyTorchObserver {");
    assertThat(CommandRun.of("translate", t5, "w5", "--embedded").succeeds().out())
        .isEqualTo(plain.out());
  }

  @Test
  void saysWhatIsThereWhereALanguageOrAProgramIsNot() throws IOException {
    String m2m = program("m2m_100_tiny", "__fr__", "__de__", "__fr__", "$A", "</s>");

    CommandRun unknown = CommandRun.of("translate", m2m, "w5", "--to", "xx");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(unknown.err()).contains("__de__, __fr__").contains("xx");
    CommandRun source = CommandRun.of("translate", m2m, "w5", "--from", "xx", "--to", "de");
    assertThat(source.err()).contains("from").contains("__de__, __fr__");

    Path bare = folder.resolve("bare.pte");
    Export.from(CHECKPOINTS.resolve("t5_tiny")).maxSequenceLength(24).selfTests(false).to(bare);
    assertThat(CommandRun.of("translate", bare.toString(), "w5").err()).contains("tokenizer");
    assertThat(CommandRun.of("translate", bare.toString(), "w5", "--to", "de").err())
        .contains("--tokenizer");
    Path decoder = folder.resolve("gpt2.pte");
    Export.from(CHECKPOINTS.resolve("gpt2")).maxSequenceLength(24).selfTests(false).to(decoder);
    assertThat(CommandRun.of("translate", decoder.toString(), "w5").err())
        .contains("encoder and text_decoder");
  }
}
