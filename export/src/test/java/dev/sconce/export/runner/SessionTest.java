package dev.sconce.export.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.Session;
import dev.sconce.generate.runner.TextRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations: what they keep, forget, share and save. Programs with full and ring caches. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionTest {

  private static final int[] FIRST = {1, 40, 50, 60};
  private static final int[] SECOND = {70, 80, 33};

  @TempDir private static Path folder;
  private Path llama = Path.of("");
  private Path gemma = Path.of("");

  @BeforeAll
  void export() throws IOException {
    llama = SmallModel.export("llama_bf16_sharded", folder);
    gemma = SmallModel.export("gemma2", folder);
  }

  private TextRunner load(String name) {
    return TextRunner.load(name.equals("gemma2") ? gemma : llama);
  }

  private static GenerationConfig greedy(int count) {
    return GenerationConfig.defaults().withMaxNewTokens(count).withEndTokens();
  }

  private static int[] generate(Session session, int count, int... ids) {
    return session.generate(GenerationRequest.ofIds(ids).with(greedy(count))).tokens();
  }

  private static int[] concat(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma2"})
  void turnsGoOnWithAllThatWasSaid(String name) {
    try (TextRunner runner = load(name);
        Session talk = runner.newSession();
        Session whole = runner.newSession()) {
      int[] answer = generate(talk, 5, FIRST);
      int[] next = generate(talk, 5, SECOND);

      assertThat(next).isEqualTo(generate(whole, 5, concat(FIRST, answer, SECOND)));
      assertThat(talk.tokens()).isEqualTo(concat(FIRST, answer, SECOND, next));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma2"})
  void afterAResetItIsAsNew(String name) {
    try (TextRunner runner = load(name);
        Session used = runner.newSession();
        Session fresh = runner.newSession()) {
      generate(used, 30, FIRST);
      used.reset();

      assertThat(used.length()).isZero();
      assertThat(generate(used, 8, SECOND)).isEqualTo(generate(fresh, 8, SECOND));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma2"})
  void prefillingInPartsIsLikePromptingAtOnce(String name) {
    int[] prompt = new Random(7).ints(29, 3, 140).toArray();
    try (TextRunner runner = load(name);
        Session whole = runner.newSession()) {
      int[] want = generate(whole, 6, prompt);
      for (int chunk : new int[] {1, 2, 5, 8, 28}) {
        try (Session parts = runner.newSession()) {
          int predicted = -1;
          for (int at = 0; at < prompt.length; at += chunk) {
            int[] part = Arrays.copyOfRange(prompt, at, Math.min(prompt.length, at + chunk));
            predicted = parts.prefill(GenerationRequest.ofIds(part));
          }
          assertThat(predicted).as("pieces of %d", chunk).isEqualTo(want[0]);
          assertThat(generate(parts, 6)).as("pieces of %d", chunk).isEqualTo(want);
        }
      }
    }
  }

  @Test
  void aPrefillInfluencesWhatFollowsAndAResetForgetsIt() {
    try (TextRunner runner = load("llama")) {
      GenerationRequest request = GenerationRequest.ofIds(SECOND).with(greedy(6));
      int[] alone = runner.generate(request).tokens();
      runner.reset();
      runner.prefill(GenerationRequest.ofIds(FIRST));
      int[] after = runner.generate(request).tokens();
      runner.reset();

      assertThat(after).isNotEqualTo(alone);
      assertThat(runner.generate(request).tokens()).isEqualTo(alone);
    }
  }

  @Test
  void anEmptyPromptNeedsAPrefillBefore() {
    try (TextRunner runner = load("llama");
        Session session = runner.newSession()) {
      assertThatThrownBy(() -> generate(session, 3))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("prefill");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma2"})
  void forksGoTheirOwnWays(String name) {
    try (TextRunner runner = load(name);
        Session first = runner.newSession()) {
      generate(first, 4, FIRST);
      try (Session fork = first.fork();
          Session other = first.fork()) {
        int[] a = generate(first, 6, 20);
        int[] b = generate(fork, 6, 90);

        assertThat(generate(other, 6, 20)).isEqualTo(a);
        assertThat(b).isNotEqualTo(a);
        assertThat(first.length()).isEqualTo(fork.length());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma2"})
  void goesBackToAnEarlierPoint(String name) {
    try (TextRunner runner = load(name);
        Session session = runner.newSession();
        Session whole = runner.newSession()) {
      for (int length : new int[] {3, 20}) {
        session.reset();
        whole.reset();
        generate(session, length, FIRST);
        int[] kept = Arrays.copyOf(session.tokens(), 5);
        session.rewind(5);

        int[] again = generate(session, 6, SECOND);

        assertThat(again)
            .as("%d tokens before", length)
            .isEqualTo(generate(whole, 6, concat(kept, SECOND)));
      }
    }
  }

  @Test
  void refusesToGoBackToWhereItNeverWas() {
    try (TextRunner runner = load("llama");
        Session session = runner.newSession()) {
      assertThatThrownBy(() -> session.rewind(1)).isInstanceOf(InvalidInputException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma2"})
  void goesOnFromAFile(String name) {
    Path file = folder.resolve(name + ".state");
    try (TextRunner runner = load(name)) {
      int[] want;
      try (Session session = runner.newSession()) {
        generate(session, 5, FIRST);
        session.save(file);
        want = generate(session, 5, SECOND);
      }
      try (Session session = runner.newSession()) {
        session.load(file);

        assertThat(generate(session, 5, SECOND)).isEqualTo(want);
      }
    }
  }

  @Test
  void refusesTheStateOfAnotherProgramAndBrokenOnes() throws IOException {
    Path file = folder.resolve("some.state");
    Path broken = folder.resolve("broken.state");
    try (TextRunner runner = load("llama");
        TextRunner other = load("gemma2");
        Session session = runner.newSession();
        Session foreign = other.newSession()) {
      generate(session, 5, FIRST);
      session.save(file);
      assertThatThrownBy(() -> foreign.load(file))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("another program");

      byte[] bytes = Files.readAllBytes(file);
      for (int length = 0; length < bytes.length; length += Math.max(1, length / 3)) {
        Files.write(broken, Arrays.copyOf(bytes, length));
        assertThatThrownBy(() -> session.load(broken))
            .as("cut to %d bytes", length)
            .isInstanceOf(MalformedFileException.class);
      }
      Random random = new Random(3);
      for (int i = 0; i < 200; i++) {
        byte[] changed = bytes.clone();
        int at = random.nextInt(i % 2 == 0 ? bytes.length : Math.min(200, bytes.length));
        changed[at] ^= (byte) (1 + random.nextInt(255));
        Files.write(broken, changed);
        // A changed fingerprint or shape is that of another program.
        assertThatThrownBy(() -> session.load(broken))
            .as("byte %d changed", at)
            .isInstanceOfAny(MalformedFileException.class, InvalidInputException.class);
      }
      int[] answer = generate(session, 4, FIRST);
      foreign.reset();
      session.reset();
      assertThat(generate(session, 4, FIRST)).isEqualTo(answer);
    }
  }

  @Test
  void sessionsOfOneProgramGoOnInParallel() throws Exception {
    try (TextRunner runner = load("llama");
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<int[]>> answers =
          threads.invokeAll(
              java.util.Collections.nCopies(
                  6,
                  () -> {
                    try (Session session = runner.newSession()) {
                      return concat(generate(session, 9, FIRST), generate(session, 9, SECOND));
                    }
                  }));
      for (Future<int[]> answer : answers) {
        assertThat(answer.get()).isEqualTo(answers.getFirst().get());
      }
    }
  }

  @Test
  void refusesPromptsThatDoNotFitAndGoesOnAsBefore() {
    try (TextRunner runner = load("llama");
        Session session = runner.newSession();
        Session same = runner.newSession()) {
      generate(session, 3, FIRST);
      generate(same, 3, FIRST);
      int[] tooLong = new int[64];
      for (int[] wrong : new int[][] {tooLong, {100_000}, {-1}}) {
        assertThatThrownBy(() -> generate(session, 3, wrong))
            .isInstanceOf(InvalidInputException.class);
      }
      assertThat(generate(session, 5, SECOND)).isEqualTo(generate(same, 5, SECOND));
    }
  }
}
