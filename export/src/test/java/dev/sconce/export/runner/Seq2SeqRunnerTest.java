package dev.sconce.export.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.export.Export;
import dev.sconce.export.ExportOptions;
import dev.sconce.export.Goldens;
import dev.sconce.generate.FinishReason;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.runner.GeneratedToken;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.GenerationResult;
import dev.sconce.generate.runner.Seq2SeqRunner;
import dev.sconce.generate.runner.TokenStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Seq2SeqRunnerTest {

  private static final int[] LONG = {4, 9, 17, 22, 11, 6};
  private static final int[] SHORT = {21, 5, 13};
  private static final GenerationConfig GREEDY =
      GenerationConfig.defaults().withMaxNewTokens(9).withEndTokens(1);

  @TempDir private Path folder;

  private Seq2SeqRunner runner(String model, UnaryOperator<ExportOptions.Builder> change)
      throws IOException {
    Path file = folder.resolve(model + ".pte");
    ExportOptions.Builder options =
        ExportOptions.defaults().toBuilder().maxSequenceLength(24).maxSourceLength(16);
    Export.from(Goldens.committed(model)).with(change.apply(options).build()).to(file);
    return Seq2SeqRunner.load(file);
  }

  private static GenerationResult run(Seq2SeqRunner runner, GenerationConfig config, int[]... ids) {
    return runner.generate(GenerationRequest.ofIds(ids).with(config));
  }

  @Test
  void batchIsWhatItsSourcesAreAlone() throws Exception {
    GenerationConfig beams = GREEDY.with(Setting.NUM_BEAMS, JsonNumber.of(3));
    for (int batch : new int[] {1, 2}) {
      try (Seq2SeqRunner runner = runner("t5_tiny", o -> o.batch(batch))) {
        for (GenerationConfig config : List.of(GREEDY, beams)) {
          GenerationResult both = run(runner, config, LONG, SHORT, LONG);
          assertThat(both.completions()).hasSize(3);
          int[] ofLong = run(runner, config, LONG).tokens();
          int[] ofShort = run(runner, config, SHORT).tokens();
          assertThat(both.completions().get(0).tokens()).isEqualTo(ofLong);
          assertThat(both.completions().get(1).tokens()).isEqualTo(ofShort);
          assertThat(both.completions().get(2).tokens()).isEqualTo(ofLong);
          assertThat(both.sequences().getFirst()[0]).as("the start token").isZero();
        }
      }
    }
  }

  @Test
  void requestsKnowNothingOfThoseBefore() throws Exception {
    GenerationConfig beams = GREEDY.with(Setting.NUM_BEAMS, JsonNumber.of(3));
    for (boolean upstream : new boolean[] {false, true}) {
      try (Seq2SeqRunner runner = runner("t5_tiny", o -> o.upstreamIo(upstream))) {
        GenerationResult fresh = run(runner, GREEDY, LONG);
        run(runner, GREEDY, SHORT);
        run(runner, beams, SHORT);
        try (TokenStream left =
            runner.stream(GenerationRequest.ofIds(new int[][] {SHORT}).with(GREEDY))) {
          left.next();
        }
        GenerationResult again = run(runner, GREEDY, LONG);
        assertThat(again.tokens()).isEqualTo(fresh.tokens());
        assertThat(again.completions().getFirst().logprobs())
            .isEqualTo(fresh.completions().getFirst().logprobs());
      }
    }
  }

  @Test
  void programWithUpstreamInputsGivesTheSame() throws Exception {
    GenerationConfig beams = GREEDY.with(Setting.NUM_BEAMS, JsonNumber.of(3));
    List<int[]> want = new ArrayList<>();
    try (Seq2SeqRunner ours = runner("marian_tiny", o -> o)) {
      want.add(run(ours, GREEDY, LONG).tokens());
      want.add(run(ours, beams, LONG).tokens());
    }
    try (Seq2SeqRunner upstream = runner("marian_tiny", o -> o.upstreamIo(true))) {
      assertThat(run(upstream, GREEDY, LONG).tokens()).isEqualTo(want.get(0));
      assertThat(run(upstream, beams, LONG).tokens()).isEqualTo(want.get(1));
    }
  }

  @Test
  void decoderContinuesWhatItIsGiven() throws Exception {
    try (Seq2SeqRunner runner = runner("bart_tiny", o -> o)) {
      GenerationConfig config = GREEDY.withEndTokens();
      int[] whole = run(runner, config, LONG).tokens();
      GenerationResult rest =
          runner.generate(
              GenerationRequest.ofIds(LONG)
                  .with(config.withMaxNewTokens(6))
                  .withDecoderIds(new int[] {2, whole[0], whole[1], whole[2]}));
      assertThat(rest.tokens()).containsExactly(java.util.Arrays.copyOfRange(whole, 3, 9));
    }
  }

  @Test
  void handsOutTokensAndEndsOnStop() throws Exception {
    try (Seq2SeqRunner runner = runner("umt5_tiny", o -> o)) {
      List<GeneratedToken> seen = new ArrayList<>();
      GenerationResult whole =
          runner.generate(GenerationRequest.ofIds(LONG).with(GREEDY).onToken(seen::add));
      assertThat(seen.stream().mapToInt(GeneratedToken::id)).containsExactly(box(whole.tokens()));
      runner.stop();
      GenerationResult none = run(runner, GREEDY, LONG);
      assertThat(none.tokens()).as("a stop before the start").isEmpty();
      assertThat(none.completions().getFirst().reason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(run(runner, GREEDY, LONG).tokens()).as("after it").isEqualTo(whole.tokens());
      try (TokenStream tokens = runner.stream(GenerationRequest.ofIds(LONG).with(GREEDY))) {
        assertThat(tokens.next().id()).isEqualTo(whole.tokens()[0]);
        assertThat(tokens.finish().tokens()).isEqualTo(whole.tokens());
      }
    }
  }

  @Test
  void streamsWhileItSearchesAndCanBeLeft() throws Exception {
    try (Seq2SeqRunner runner = runner("t5_tiny", o -> o)) {
      GenerationConfig config = GREEDY.withEndTokens();
      int[] whole = run(runner, config, LONG).tokens();
      List<Integer> seen = new ArrayList<>();
      TokenStream left =
          runner.stream(
              GenerationRequest.ofIds(LONG).with(config).onToken(token -> seen.add(token.id())));
      assertThat(seen).as("before anybody asks").isEmpty();
      assertThat(left.next().id()).isEqualTo(whole[0]);
      assertThat(left.next().id()).isEqualTo(whole[1]);
      assertThat(seen).as("nothing is computed ahead").containsExactly(whole[0], whole[1]);
      assertThat(run(runner, config, LONG).tokens()).as("another request").isEqualTo(whole);
      assertThat(left.hasNext()).as("ended by it").isFalse();
      assertThatThrownBy(left::finish).isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void aStopFromAReceiverEndsAfterTheCurrentToken() throws Exception {
    try (Seq2SeqRunner runner = runner("t5_tiny", o -> o)) {
      GenerationConfig config = GREEDY.withEndTokens();
      int[] whole = run(runner, config, LONG).tokens();
      GenerationResult stopped =
          runner.generate(
              GenerationRequest.ofIds(LONG)
                  .with(config)
                  .onToken(
                      token -> {
                        if (token.index() == 2) {
                          runner.stop();
                        }
                      }));
      assertThat(stopped.tokens()).containsExactly(whole[0], whole[1], whole[2]);
      assertThat(stopped.completions().getFirst().reason()).isEqualTo(FinishReason.CANCELLED);
    }
  }

  @Test
  void runnersOfOneProgramGoOnInParallel() throws Exception {
    try (Seq2SeqRunner runner = runner("t5_tiny", o -> o);
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      int[] want = run(runner, GREEDY, LONG).tokens();
      List<Future<int[]>> answers =
          threads.invokeAll(
              Collections.nCopies(
                  6,
                  () -> {
                    try (Seq2SeqRunner other = runner.newRunner()) {
                      int[] host = run(other, GREEDY, LONG).tokens();
                      GenerationRequest inside =
                          GenerationRequest.ofIds(LONG).with(GREEDY).embedded(true);
                      assertThat(other.generate(inside).tokens()).isEqualTo(host);
                      return host;
                    }
                  }));
      for (Future<int[]> answer : answers) {
        assertThat(answer.get()).isEqualTo(want);
      }
      assertThat(run(runner, GREEDY, LONG).tokens()).as("after them").isEqualTo(want);
    }
  }

  @Test
  void startsWithTheTokenOfTheSettings() throws Exception {
    try (Seq2SeqRunner runner = runner("bart_tiny", o -> o)) {
      GenerationConfig config = GREEDY.withEndTokens();
      GenerationConfig seven = config.with(Setting.DECODER_START_TOKEN_ID, JsonNumber.of(7));
      GenerationResult own = run(runner, seven, LONG, SHORT);
      GenerationResult given =
          runner.generate(
              GenerationRequest.ofIds(LONG, SHORT)
                  .with(seven)
                  .withDecoderIds(new int[] {7}, new int[] {7}));
      assertThat(own.sequences()).allMatch(row -> row[0] == 7);
      assertThat(own.sequences().toArray(int[][]::new))
          .isDeepEqualTo(given.sequences().toArray(int[][]::new));
      GenerationResult continued =
          runner.generate(
              GenerationRequest.ofIds(LONG).with(seven).withDecoderIds(new int[] {9, 4}));
      assertThat(continued.sequences().getFirst())
          .as("put before, as transformers does")
          .startsWith(7, 9, 4);
      GenerationConfig three =
          config.with(Json.parseObject("s", "{\"decoder_start_token_id\": [7, 8]}"));
      assertThat(run(runner, three, LONG, SHORT).sequences().get(1)).startsWith(8);
      assertThatThrownBy(() -> run(runner, three, LONG))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("decoder_start_token_id");
    }
  }

  @Test
  void stopStringsNeedATokenizer() throws Exception {
    try (Seq2SeqRunner runner = runner("t5_tiny", o -> o)) {
      GenerationConfig config = GREEDY.with(Json.parseObject("s", "{\"stop_strings\": [\"a\"]}"));
      assertThatThrownBy(() -> run(runner, config, LONG))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("tokenizer");
    }
  }

  private static Integer[] box(int[] values) {
    return java.util.Arrays.stream(values).boxed().toArray(Integer[]::new);
  }

  @Test
  void refusesWhatTheProgramHasNoRoomFor() throws Exception {
    try (Seq2SeqRunner runner = runner("t5_tiny", o -> o)) {
      assertThatThrownBy(() -> run(runner, GREEDY, new int[17]))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("1 to 16 tokens");
      assertThatThrownBy(() -> run(runner, GREEDY, new int[0]))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> runner.generate(GenerationRequest.ofTexts("text").with(GREEDY)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("tokenizer");
      assertThatThrownBy(() -> runner.prefill(GenerationRequest.ofIds(LONG)))
          .isInstanceOf(InvalidInputException.class);
    }
  }
}
