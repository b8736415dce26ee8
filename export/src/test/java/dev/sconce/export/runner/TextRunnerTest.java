package dev.sconce.export.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.export.Goldens;
import dev.sconce.generate.FinishReason;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.runner.Completion;
import dev.sconce.generate.runner.GeneratedToken;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.GenerationResult;
import dev.sconce.generate.runner.RunnerOptions;
import dev.sconce.generate.runner.Stats;
import dev.sconce.generate.runner.TextRunner;
import dev.sconce.generate.runner.TokenStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a runner makes of a program that carries its tokenizer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TextRunnerTest {

  private static final int[][] PROMPTS = {{1, 40, 50}, {1, 60, 70, 80, 90, 33, 12}, {5, 101}};

  @TempDir private static Path folder;

  private Path file = Path.of("");
  private TextRunner runner = TextRunner.of(file, RunnerOptions.defaults());

  @BeforeAll
  void load() throws IOException {
    file = SmallModel.export("llama_bf16_sharded", folder);
    runner = TextRunner.load(file);
  }

  @AfterAll
  void close() {
    runner.close();
  }

  @BeforeEach
  void reset() {
    runner.reset();
  }

  private static GenerationConfig config(String json) {
    return GenerationConfig.of((JsonObject) Json.parse("config", json));
  }

  private static GenerationConfig greedy(int count) {
    return GenerationConfig.defaults().withMaxNewTokens(count).withEndTokens();
  }

  @Test
  void needsNothingButTheFile() {
    assertThat(runner.tokenizer()).isPresent();
    assertThat(runner.chatTemplates().orElseThrow().names()).containsExactly("default");
    assertThat(runner.defaults().endTokens()).isNotEmpty();
    assertThat(
            runner.resources().provenance().orElseThrow().object("files").orElseThrow().members())
        .containsKeys("config.json", "tokenizer.json", "chat_template.jinja");
    StringBuilder text = new StringBuilder();
    GenerationResult result = runner.generate("Once", greedy(12), text::append);

    assertThat(text.toString()).isEqualTo(result.text());
    assertThat(result.tokens()).hasSize(12);
    assertThat(result.sequences().getFirst())
        .startsWith(runner.tokenizer().orElseThrow().encode("Once").ids());
  }

  @Test
  void loadsWhenItIsFirstNeeded() {
    try (TextRunner lazy = TextRunner.of(file, RunnerOptions.defaults())) {
      assertThat(lazy.isLoaded()).isFalse();
      lazy.generate("a", greedy(1), _ -> {});
      assertThat(lazy.isLoaded()).isTrue();
    }
  }

  @Test
  void aTokenizerThatIsGivenGoesBeforeTheOneInTheFile() throws IOException {
    Path other = folder.resolve("tokenizer.json");
    String swapped =
        Files.readString(Goldens.committed("llama_bf16_sharded").resolve("tokenizer.json"))
            .replace("\"a\": ", "\"swap\": ")
            .replace("\"b\": ", "\"a\": ")
            .replace("\"swap\": ", "\"b\": ");
    Files.writeString(other, swapped);
    try (TextRunner given = TextRunner.load(file, RunnerOptions.defaults().withTokenizer(other))) {
      int[] ids = given.tokenizer().orElseThrow().encode("ab", false).ids();
      int[] own = runner.tokenizer().orElseThrow().encode("ba", false).ids();
      assertThat(ids).isEqualTo(own);
    }
  }

  @Test
  void rowsOfABatchGenerateWhatTheyGenerateAlone() {
    for (String settings :
        List.of(
            "{\"max_new_tokens\": 9, \"eos_token_id\": [40, 50]}",
            "{\"max_new_tokens\": 6, \"eos_token_id\": [], \"num_beams\": 3}")) {
      runner.reset();
      List<Completion> batch =
          runner.generate(GenerationRequest.ofIds(PROMPTS).with(config(settings))).completions();
      for (int r = 0; r < PROMPTS.length; r++) {
        runner.reset();
        Completion alone =
            runner
                .generate(GenerationRequest.ofIds(PROMPTS[r]).with(config(settings)))
                .completions()
                .getFirst();
        assertThat(batch.get(r).tokens()).as("row %d of %s", r, settings).isEqualTo(alone.tokens());
        assertThat(batch.get(r).reason()).isEqualTo(alone.reason());
      }
    }
  }

  @Test
  void paddingChangesNothing() {
    int[] padded = {0, 0, 0, 1, 40, 50};
    int[] mask = {0, 0, 0, 1, 1, 1};
    GenerationResult with =
        runner.generate(GenerationRequest.ofIds(padded).withMasks(mask).with(greedy(8)));
    runner.reset();
    GenerationResult without = runner.generate(GenerationRequest.ofIds(PROMPTS[0]).with(greedy(8)));

    assertThat(with.tokens()).isEqualTo(without.tokens());
    assertThat(with.completions().getFirst().logprobs())
        .isEqualTo(without.completions().getFirst().logprobs());
  }

  @Test
  void aBatchAfterAPrefillContinuesItInEveryRow() {
    int[] prefix = {1, 99, 98};
    runner.prefill(GenerationRequest.ofIds(prefix));
    List<Completion> after =
        runner.generate(GenerationRequest.ofIds(PROMPTS).with(greedy(5))).completions();
    for (int r = 0; r < PROMPTS.length; r++) {
      runner.reset();
      int[] whole = IntStream.concat(Arrays.stream(prefix), Arrays.stream(PROMPTS[r])).toArray();
      assertThat(after.get(r).tokens())
          .isEqualTo(runner.generate(GenerationRequest.ofIds(whole).with(greedy(5))).tokens());
    }
  }

  @Test
  void tokensComeAsCallbacksAsIteratorAndAsAWhole() {
    List<GeneratedToken> called = new ArrayList<>();
    GenerationRequest request = GenerationRequest.ofIds(PROMPTS[0]).with(greedy(7));
    GenerationResult whole = runner.generate(request.onToken(called::add));
    runner.reset();
    List<GeneratedToken> read;
    try (TokenStream stream = runner.stream(request)) {
      read = stream.stream().toList();
    }

    assertThat(read).isEqualTo(called);
    assertThat(called.stream().mapToInt(GeneratedToken::id)).containsExactly(boxed(whole.tokens()));
    assertThat(called.getLast().reason()).contains(FinishReason.LENGTH);
    assertThat(called.stream().limit(6)).allMatch(token -> token.reason().isEmpty());
  }

  private static Integer[] boxed(int[] values) {
    return Arrays.stream(values).boxed().toArray(Integer[]::new);
  }

  @Test
  void aStreamComputesNothingAheadAndCanBeLeft() {
    try (TokenStream stream = runner.stream(GenerationRequest.ofIds(PROMPTS[0]).with(greedy(40)))) {
      stream.next();
      stream.next();
      assertThatThrownBy(() -> runner.generate(GenerationRequest.ofIds(PROMPTS[0])))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("one at a time");
    }
    int[] next = runner.generate(GenerationRequest.ofIds(new int[] {33}).with(greedy(3))).tokens();

    assertThat(next).hasSize(3);
    assertThat(runner.stats().numPromptTokens()).isEqualTo(PROMPTS[0].length + 2 + 1);
  }

  @Test
  void piecesOfTextAreWholeCharacters() {
    byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
    int[] ids = runner.tokenizer().orElseThrow().encode("€é", false).ids();
    assertThat(ids).hasSize(euro.length + 2);
    List<String> pieces = new ArrayList<>();
    // A rule that leaves one token is a mask for constrained decoding.
    runner.generate(
        GenerationRequest.ofIds(PROMPTS[0])
            .with(greedy(ids.length))
            .withRules(
                (tokens, scores) -> {
                  Arrays.fill(scores, Float.NEGATIVE_INFINITY);
                  scores[ids[tokens.size() - PROMPTS[0].length]] = 0;
                })
            .onToken(token -> pieces.add(token.text())));

    assertThat(pieces).containsExactly("", "", "€", "", "é");
  }

  @Test
  void stopStringsEndARow() {
    // The vocabulary of the model is larger than that of the tokenizer.
    GenerationConfig known =
        greedy(20)
            .with(
                (JsonObject)
                    Json.parse(
                        "c",
                        "{\"suppress_tokens\": %s}"
                            .formatted(Arrays.toString(IntStream.range(131, 211).toArray()))));
    String text = runner.generate("abc", known, _ -> {}).text();
    String stop = text.substring(3, 5);
    runner.reset();
    GenerationResult stopped =
        runner.generate(
            "abc",
            known.with((JsonObject) Json.parse("c", "{\"stop_strings\": " + quoted(stop) + "}")),
            _ -> {});

    assertThat(stopped.completions().getFirst().reason()).isEqualTo(FinishReason.STOP);
    assertThat(stopped.text()).contains(stop).isEqualTo(text.substring(0, stopped.text().length()));
  }

  private static String quoted(String text) {
    return dev.sconce.base.json.JsonWriter.compact(new dev.sconce.base.json.JsonString(text));
  }

  @Test
  void echoPutsThePromptFirstAndCountsPutTokensAround() {
    StringBuilder text = new StringBuilder();
    GenerationConfig plain = greedy(2);
    runner.generate(
        "hello", plain.with((JsonObject) Json.parse("c", "{\"echo\": true}")), text::append);
    assertThat(text.toString()).startsWith("hello");

    int own = prompt("hello", plain).length;
    assertThat(prompt("hello", config("{\"max_new_tokens\": 2, \"num_bos\": 0}"))).hasSize(own - 1);
    assertThat(prompt("hello", config("{\"max_new_tokens\": 2, \"num_bos\": 3}")))
        .hasSize(own + 2)
        .startsWith(1, 1, 1);
    assertThat(prompt("hello", config("{\"max_new_tokens\": 2, \"num_eos\": 2}")))
        .hasSize(own + 1)
        .endsWith(2, 2);
  }

  private int[] prompt(String text, GenerationConfig config) {
    runner.reset();
    GenerationResult result = runner.generate(text, config, _ -> {});
    int[] row = result.sequences().getFirst();
    return Arrays.copyOf(row, row.length - result.tokens().length);
  }

  @Test
  void executorchsLengthsHold() {
    // The published cases: the context is 64, the prompt has 3 tokens.
    assertThat(made("{\"eos_token_id\": []}")).isEqualTo(61);
    assertThat(made("{\"eos_token_id\": [], \"max_new_tokens\": 5}")).isEqualTo(5);
    assertThat(made("{\"eos_token_id\": [], \"max_new_tokens\": 500}")).isEqualTo(61);
    assertThat(made("{\"eos_token_id\": [], \"seq_len\": 10}")).isEqualTo(7);
    assertThat(made("{\"eos_token_id\": [], \"seq_len\": 500}")).isEqualTo(61);
    assertThat(made("{\"eos_token_id\": [], \"seq_len\": 10, \"max_new_tokens\": 4}")).isEqualTo(4);
    assertThat(made("{\"eos_token_id\": [], \"seq_len\": 10, \"max_new_tokens\": 40}"))
        .isEqualTo(7);
    assertThatThrownBy(() -> made("{\"seq_len\": 3}")).isInstanceOf(InvalidInputException.class);
  }

  private int made(String settings) {
    runner.reset();
    return runner
        .generate(GenerationRequest.ofIds(PROMPTS[0]).with(config(settings)))
        .tokens()
        .length;
  }

  @Test
  void anEndTokenPredictedByThePromptEndsTheRow() {
    int first = runner.generate(GenerationRequest.ofIds(PROMPTS[0]).with(greedy(1))).tokens()[0];
    runner.reset();
    GenerationResult result =
        runner.generate(GenerationRequest.ofIds(PROMPTS[0]).with(greedy(9).withEndTokens(first)));

    assertThat(result.tokens()).containsExactly(first);
    assertThat(result.completions().getFirst().reason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void theFirstTokenIsDrawnLikeTheOthers() {
    String settings =
        "{\"max_new_tokens\": 1, \"do_sample\": true, \"temperature\": 50.0, \"top_k\": 0,"
            + " \"seed\": ";
    long different =
        // Neighbouring seeds begin with nearly the same number: the generator's first step is
        // short.
        LongStream.range(0, 12)
            .map(i -> i * 100_000_007)
            .mapToObj(
                seed -> {
                  runner.reset();
                  return runner.generate(
                          GenerationRequest.ofIds(PROMPTS[0]).with(config(settings + seed + "}")))
                      .tokens()[0];
                })
            .distinct()
            .count();
    assertThat(different).isGreaterThan(3);
  }

  @Test
  void aStopBeforeTheStartIsNotLostAndHoldsOnce() {
    GenerationRequest request = GenerationRequest.ofIds(PROMPTS[0]).with(greedy(5));
    runner.stop();
    GenerationResult stopped = runner.generate(request);
    assertThat(stopped.tokens()).isEmpty();
    assertThat(stopped.completions().getFirst().reason()).isEqualTo(FinishReason.CANCELLED);

    runner.reset();
    assertThat(runner.generate(request).tokens()).hasSize(5);
    runner.stop();
    runner.reset();
    assertThat(runner.generate(request).tokens()).hasSize(5);
  }

  @Test
  void aStopFromAnotherThreadEndsAfterTheCurrentToken() throws InterruptedException {
    CountDownLatch third = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread stopper =
        Thread.ofPlatform()
            .start(
                () -> {
                  await(third);
                  runner.stop();
                  stopped.countDown();
                });
    GenerationResult result =
        runner.generate(
            GenerationRequest.ofIds(PROMPTS[0])
                .with(greedy(40))
                .onToken(
                    token -> {
                      if (token.index() == 2) {
                        third.countDown();
                        await(stopped);
                      }
                    }));
    stopper.join();

    assertThat(result.tokens()).hasSize(3);
    assertThat(result.completions().getFirst().reason()).isEqualTo(FinishReason.CANCELLED);
    int[] rest = runner.generate(GenerationRequest.ofIds(new int[0]).with(greedy(5))).tokens();
    runner.reset();
    int[] whole = runner.generate(GenerationRequest.ofIds(PROMPTS[0]).with(greedy(8))).tokens();
    assertThat(rest).isEqualTo(Arrays.copyOfRange(whole, 3, 8));
  }

  @Test
  void beamsStopToo() {
    GenerationConfig beams =
        config("{\"max_new_tokens\": 30, \"eos_token_id\": [], \"num_beams\": 2}");
    int[] steps = {0};
    GenerationResult result =
        runner.generate(
            GenerationRequest.ofIds(PROMPTS[0])
                .with(beams)
                .withRules(
                    (tokens, scores) -> {
                      if (++steps[0] == 6) {
                        runner.stop();
                      }
                    }));
    assertThat(result.tokens()).hasSize(3);
    assertThat(result.completions().getFirst().reason()).isEqualTo(FinishReason.CANCELLED);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aReceiverThatFailsLeavesTheConversationAsItWas() {
    runner.generate(GenerationRequest.ofIds(PROMPTS[0]).with(greedy(4)));
    assertThatThrownBy(
            () ->
                runner.generate(
                    GenerationRequest.ofIds(new int[] {77})
                        .with(greedy(9))
                        .onToken(
                            token -> {
                              if (token.index() == 3) {
                                throw new IllegalStateException("enough");
                              }
                            })))
        .hasMessage("enough");
    int[] after = runner.generate(GenerationRequest.ofIds(new int[] {55}).with(greedy(4))).tokens();

    runner.reset();
    runner.generate(GenerationRequest.ofIds(PROMPTS[0]).with(greedy(4)));
    assertThat(after)
        .isEqualTo(
            runner.generate(GenerationRequest.ofIds(new int[] {55}).with(greedy(4))).tokens());
  }

  @Test
  void statsAreThoseOfExecutorch() {
    List<Stats> received = new ArrayList<>();
    runner.generate(GenerationRequest.ofIds(PROMPTS[1]).with(greedy(6)).onStats(received::add));
    Stats stats = received.getFirst();

    assertThat(stats).isEqualTo(runner.stats());
    assertThat(stats.numPromptTokens()).isEqualTo(PROMPTS[1].length);
    assertThat(stats.numGeneratedTokens()).isEqualTo(5);
    assertThat(stats.modelLoadStartMs()).isPositive().isLessThanOrEqualTo(stats.modelLoadEndMs());
    assertThat(stats.inferenceStartMs()).isLessThanOrEqualTo(stats.firstTokenMs());
    assertThat(stats.promptEvalEndMs()).isEqualTo(stats.firstTokenMs());
    assertThat(stats.firstTokenMs()).isLessThanOrEqualTo(stats.inferenceEndMs());
    JsonObject json = (JsonObject) Json.parse("stats", stats.toJson());
    assertThat(
            json.members().keySet().stream()
                .filter(name -> !name.endsWith("token_per_sec"))
                .collect(Collectors.joining(" ")))
        .isEqualTo(
            "prompt_tokens generated_tokens model_load_start_ms model_load_end_ms"
                + " inference_start_ms inference_end_ms model_execution_start_ms"
                + " model_execution_end_ms prompt_eval_end_ms first_token_ms"
                + " aggregate_sampling_time_ms aggregate_model_execution_time_ms"
                + " SCALING_FACTOR_UNITS_PER_SECOND");
    assertThat(stats.observerLine()).startsWith("PyTorchObserver {").doesNotContain(" \"");
  }

  @Test
  void useAfterCloseIsAnError() {
    TextRunner closed = TextRunner.load(file);
    var session = closed.newSession();
    session.close();
    assertThatThrownBy(() -> session.generate(GenerationRequest.ofIds(new int[] {1})))
        .isInstanceOf(InvalidInputException.class);
    closed.close();
    assertThatThrownBy(() -> closed.generate(GenerationRequest.ofIds(new int[] {1})))
        .isInstanceOf(InvalidInputException.class);
  }
}
