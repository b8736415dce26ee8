package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.cli.internal.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TokenizeCommandTest {

  private static final String TOKENIZER =
      """
      {"version": "1.0", "added_tokens": [
         {"id": 3, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
       "pre_tokenizer": {"type": "WhitespaceSplit"},
       "model": {"type": "WordLevel", "vocab": {"<unk>": 0, "a": 1, "😀": 2, "<s>": 3}, "unk_token": "<unk>"}}
      """;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeTokenizer() throws IOException {
    file = Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
  }

  private String run(String input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console = Console.of(out, out, false);
    int code =
        new CommandLine(
                new TokenizeCommand(
                    console, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8))))
            .execute(args);
    console.flush();
    assertThat(code).isEqualTo(ExitCode.OK);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void showsATableOfTokens() {
    assertThat(run("", file.toString(), "a 😀 b").lines())
        .anyMatch(line -> line.matches("\\s*2\\s+😀\\s+2\\s+4\\s+\"😀\""))
        .contains("3 tokens");
  }

  @Test
  void answersEveryLineWithOffsetsInCodePoints() {
    String input =
        """
        "😀 a"
        {"text": "a", "pair": "b", "add_special_tokens": false}
        {"ids": [1, 3, 99999999999], "skip_special_tokens": true}
        {"ids": [2, 1], "stream": true}
        {"text": "a", "upside_down": true}
        [1]
        """;
    assertThat(run(input, file.toString(), "--json-lines").lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .contains(
                        "\"ids\":[2,1]", "\"tokens\":[\"😀\",\"a\"]", "\"offsets\":[[0,1],[2,3]]"),
            line -> assertThat(line).contains("\"ids\":[1,0]", "\"tokens\":[\"a\",\"<unk>\"]"),
            line -> assertThat(line).isEqualTo("{\"text\":\"a\"}"),
            line -> assertThat(line).isEqualTo("{\"pieces\":[\"😀\",\" a\"]}"),
            line -> assertThat(line).startsWith("{\"error\":").contains("upside_down"),
            line -> assertThat(line).startsWith("{\"error\":"));
  }

  @Test
  void decodesIds() {
    assertThat(run("", file.toString(), "--decode", "1, 2")).isEqualTo("a 😀\n");
  }
}
