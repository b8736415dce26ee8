package dev.sconce.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No text and no vocabulary makes tokenizers take time by the square: limits on the processor time
 * of this thread, hundreds of times what is needed, but far below what a quadratic step takes.
 */
class TokenizerTimeTest {

  private static final int MILLION = 1_000_000;
  private static final double SECONDS = 20;

  private static Path root;

  @BeforeAll
  static void find() throws IOException, URISyntaxException {
    root = TokenizerVectorsTest.root();
  }

  private static double seconds(Runnable task) {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    task.run();
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e9;
  }

  private static String withoutSpaces(Random random) {
    StringBuilder text = new StringBuilder();
    while (text.length() < MILLION) {
      text.appendCodePoint(
          switch (random.nextInt(3)) {
            case 0 -> 'a' + random.nextInt(26);
            case 1 -> 0x4E00 + random.nextInt(500);
            default -> 0x430 + random.nextInt(32);
          });
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama3/tokenizer.json",
        "bert_uncased/tokenizer.json",
        "unigram_bytes/tokenizer.json"
      })
  void aMillionLettersTakeLinearTime(String folder) throws IOException {
    Tokenizer tokenizer = Tokenizer.load(root.resolve(folder));
    for (String text : new String[] {"a".repeat(MILLION), withoutSpaces(new Random(1))}) {
      double taken = seconds(() -> tokenizer.encode(text, false));
      assertThat(taken).as("%s: seconds for %s…", folder, text.substring(0, 5)).isLessThan(SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama3/tokenizer.json", "spm_unigram_identity", "tiktoken_cl100k"})
  void longRunsOfOneCharacterTakeLinearTime(String folder) throws IOException {
    Tokenizer tokenizer = Tokenizer.load(root.resolve(folder));
    for (String unit : new String[] {"a", " ", "\n", "\u0301", "ab "}) {
      String text = unit.repeat(200_000 / unit.length());
      double taken = seconds(() -> tokenizer.encode(text, false));
      assertThat(taken).as("%s: seconds for '%s'", folder, unit).isLessThan(SECONDS);
    }
  }

  @Test
  void aHundredThousandAddedTokensTakeLinearTime() {
    int count = 100_000;
    String added =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    "{\"id\": %d, \"content\": %s, \"single_word\": false, \"lstrip\": %b, \"rstrip\": false, \"normalized\": %b, \"special\": %b}"
                        .formatted(
                            i + 1,
                            JsonWriter.compact(new JsonString("<added " + i + ">")),
                            i % 2 == 0,
                            i % 3 == 0,
                            i % 5 == 0))
            .collect(Collectors.joining(","));
    String json =
        "{\"version\": \"1.0\", \"added_tokens\": ["
            + added
            + "], \"model\": {\"type\": \"WordLevel\", \"vocab\": {\"?\": 0}, \"unk_token\":"
            + " \"?\"}}";
    byte[] file = json.getBytes(StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder();
    Random random = new Random(2);
    for (int i = 0; i < 30_000; i++) {
      text.append("<added ").append(random.nextInt(count)).append("> x");
    }
    double taken =
        seconds(
            () -> {
              Tokenizer tokenizer = Tokenizer.read("tokenizer.json", file);
              assertThat(tokenizer.encode(text.toString(), false).size()).isEqualTo(60_000);
            });
    assertThat(taken).as("seconds").isLessThan(SECONDS);
  }
}
