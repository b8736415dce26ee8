package dev.sconce.export.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.Json;
import dev.sconce.export.Export;
import dev.sconce.export.ExportOptions;
import dev.sconce.generate.FinishReason;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.SearchRun;
import dev.sconce.generate.TokenEvent;
import dev.sconce.generate.runner.internal.EmbeddedProgram;
import dev.sconce.generate.runner.internal.EmbeddedRequest;
import dev.sconce.runtime.PteModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program's own generate, driven call by call. */
final class EmbeddedSearchTest {

  private static final int[][] PROMPT = {{31, 7, 22}};
  private static final int[][] ALL = {{1, 1, 1}};
  private static final List<byte[]> TEXTS =
      IntStream.range(0, 151)
          .mapToObj(id -> ("<" + id + ">").getBytes(StandardCharsets.UTF_8))
          .toList();

  @TempDir private Path folder;
  private PteModule module;
  private EmbeddedProgram program;

  @BeforeEach
  void export() throws IOException {
    Path file = folder.resolve("model.pte");
    ExportOptions options =
        ExportOptions.defaults().toBuilder()
            .recipe("portable")
            .maxSequenceLength(32)
            .batch(2)
            .build();
    Export.from(Path.of("src/test/resources/checkpoints/gemma2")).with(options).to(file);
    module = PteModule.load(file);
    program = EmbeddedProgram.of(module).orElseThrow();
  }

  @AfterEach
  void close() {
    module.close();
  }

  static EmbeddedRequest.Observer observer(Consumer<TokenEvent> receiver) {
    return new EmbeddedRequest.Observer() {
      @Override
      public void executionStarts() {}

      @Override
      public void executionEnds() {}

      @Override
      public void chosen(TokenEvent event) {
        receiver.accept(event);
      }
    };
  }

  private GenerationConfig config(String json) {
    return program.defaults().with(Json.parseObject("config", json));
  }

  private List<GeneratedSequence> run(GenerationConfig config, int[][] ids, int[][] masks) {
    return run(config, ids, masks, InstantSource.system());
  }

  private List<GeneratedSequence> run(
      GenerationConfig config, int[][] ids, int[][] masks, InstantSource clock) {
    List<Integer> heard = new ArrayList<>();
    SearchRun search =
        program.start(
            new EmbeddedRequest(
                config,
                ids,
                masks,
                Optional.empty(),
                TEXTS,
                List.of(),
                clock,
                () -> false,
                observer(
                    event -> {
                      if (event.row() == 0) {
                        heard.add(event.chosen().id());
                      }
                    })));
    while (search.advance()) {
      assertThat(heard).isNotEmpty();
    }
    assertThat(heard)
        .containsExactlyElementsOf(
            IntStream.of(search.results().getFirst().tokens()).boxed().toList());
    return search.results();
  }

  @Test
  void tokensAreThoseOfOneCall() {
    GenerationConfig config = config("{\"max_new_tokens\": 9, \"ignore_eos\": true}");
    GeneratedSequence made = run(config, PROMPT, ALL).getFirst();
    assertThat(made.tokens())
        .isEqualTo(
            program.call(EmbeddedProgram.Prompt.of(PROMPT, ALL), 0, config, 12, 9).tokens()[0])
        .hasSize(9);
    assertThat(made.reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(made.scores()).hasSize(9);
  }

  @Test
  void stopStringsAndTimesEndBetweenCalls() {
    GenerationConfig free = config("{\"max_new_tokens\": 9, \"ignore_eos\": true}");
    int[] tokens = run(free, PROMPT, ALL).getFirst().tokens();
    String word = "<" + tokens[1] + "><" + tokens[2] + ">";
    GeneratedSequence worded =
        run(
                free.with(Json.parseObject("stop", "{\"stop_strings\": \"" + word + "\"}")),
                PROMPT,
                ALL)
            .getFirst();
    int end = 1;
    while (tokens[end - 1] != tokens[1] || tokens[end] != tokens[2]) {
      end++;
    }
    assertThat(worded.tokens()).hasSize(end + 1);
    assertThat(worded.reason()).isEqualTo(FinishReason.STOP);
    Instant[] now = {Instant.EPOCH};
    InstantSource clock =
        () -> {
          now[0] = now[0].plus(Duration.ofSeconds(1));
          return now[0];
        };
    GeneratedSequence timed =
        run(free.with(Json.parseObject("time", "{\"max_time\": 3}")), PROMPT, ALL, clock)
            .getFirst();
    assertThat(timed.tokens()).hasSizeBetween(2, 5);
    assertThat(timed.reason()).isEqualTo(FinishReason.TIME);
  }

  @Test
  void stopStringsEndRowsByThemselves() {
    GenerationConfig free = config("{\"max_new_tokens\": 9, \"ignore_eos\": true}");
    int[][] prompts = {{31, 7}, {9, 9}};
    int[][] masks = {{1, 1}, {1, 1}};
    List<GeneratedSequence> all = run(free, prompts, masks);
    String word = "<" + all.getFirst().tokens()[2] + ">";
    assertThat(all.get(1).tokens()).doesNotContain(all.getFirst().tokens()[2]);
    List<GeneratedSequence> ended =
        run(
            free.with(Json.parseObject("stop", "{\"stop_strings\": \"" + word + "\"}")),
            prompts,
            masks);
    assertThat(ended.getFirst().tokens()).hasSizeLessThan(9);
    assertThat(ended.getFirst().reason()).isEqualTo(FinishReason.STOP);
    assertThat(ended.get(1).tokens()).isEqualTo(all.get(1).tokens());
    assertThat(ended.get(1).reason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void severalSequencesOfAPromptAreRowsOfTheBatch() {
    GenerationConfig config =
        config(
            "{\"max_new_tokens\": 8, \"do_sample\": true, \"num_return_sequences\": 2,"
                + " \"temperature\": 3.0, \"ignore_eos\": true}");
    List<GeneratedSequence> made = run(config, PROMPT, ALL);
    assertThat(made).extracting(GeneratedSequence::prompt).containsExactly(0, 0);
    assertThat(made.get(0).tokens()).isNotEqualTo(made.get(1).tokens());
  }

  @Test
  void aFullCacheEndsRows() {
    GeneratedSequence made =
        run(config("{\"ignore_eos\": true, \"max_length\": null}"), PROMPT, ALL).getFirst();
    assertThat(made.tokens()).hasSize(32 - 3);
    assertThat(made.reason()).isEqualTo(FinishReason.LENGTH);
  }
}
