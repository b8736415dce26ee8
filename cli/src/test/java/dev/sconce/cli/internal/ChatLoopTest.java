package dev.sconce.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.cli.internal.chat.ChatLoop;
import dev.sconce.cli.internal.chat.Keyboard;
import dev.sconce.cli.internal.chat.Terminal;
import dev.sconce.export.Export;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.runner.Session;
import dev.sconce.generate.runner.TextRunner;
import dev.sconce.text.template.ChatTemplate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatLoopTest {

  private static final ChatTemplate TEMPLATE =
      ChatTemplate.of(
          "test", "<s>{% for m in messages %}[{{ m.role }}:{{ m.content }}]{% endfor %}", Map.of());

  @TempDir private static Path folder;

  private static @Nullable TextRunner runner;

  @BeforeAll
  static void export() throws IOException {
    Path checkpoint =
        Path.of("..", "export", "src", "test", "resources", "checkpoints", "llama_bf16_sharded");
    Path program = folder.resolve("model.pte");
    Export.from(checkpoint).maxSequenceLength(64).to(program);
    runner = TextRunner.load(program);
  }

  @AfterAll
  static void close() {
    if (runner != null) {
      runner.close();
    }
  }

  private record Talk(String out, String err, int length) {}

  private static Talk talk(String input, @Nullable String system) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertThat(runner).isNotNull();
    try (Session session = runner.newSession()) {
      new ChatLoop(
              Console.of(out, err, false),
              new Keyboard(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8))),
              Terminal.none(),
              session,
              TEMPLATE,
              config(),
              system)
          .run();
      return new Talk(
          out.toString(StandardCharsets.UTF_8),
          err.toString(StandardCharsets.UTF_8),
          session.length());
    }
  }

  private static GenerationConfig config() {
    return GenerationConfig.defaults().withMaxNewTokens(3).withEndTokens();
  }

  @Test
  void keepsTheHistoryUntilItIsReset() {
    Talk talk = talk("hi\nwhat\n/history\n/reset\n/history\n", "be nice");

    assertThat(talk.out()).contains("system: be nice", "user: hi", "user: what", "assistant: ");
    assertThat(talk.out().split("system: be nice", -1)).hasSize(3);
    assertThat(talk.out().substring(talk.out().lastIndexOf("system:"))).doesNotContain("user: hi");
  }

  @Test
  void takesMessagesOfSeveralLines() {
    assertThat(talk("\"\"\"\none\ntwo\n\"\"\"\n/history\n", null).out()).contains("user: one\ntwo");
    assertThat(talk("one\\\ntwo\n/history\n", null).out()).contains("user: one\ntwo");
  }

  @Test
  void helpsAndReports() {
    Talk talk = talk("/help\nhi\n/stats\n/nonsense\n", null);

    assertThat(talk.out()).contains("/reset", "/stats", "Ctrl-C");
    assertThat(talk.err()).contains("PyTorchObserver {", "/nonsense");
  }

  @Test
  void aMessageThatDoesNotFitLeavesTheConversation() {
    Talk talk = talk("hi\n" + "long ".repeat(50) + "\n/history\n", null);

    assertThat(talk.err()).contains("context");
    assertThat(talk.out()).contains("user: hi").doesNotContain("user: long");
  }

  @Test
  void ctrlCStopsTheAnswerAndNotTheProgram() throws IOException, InterruptedException {
    try (PipedOutputStream keys = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(keys)) {
      Keyboard keyboard = new Keyboard(in);
      CountDownLatch told = new CountDownLatch(1);
      keyboard.onInterrupt(told::countDown);
      keys.write(new byte[] {'a', 3, 'b', '\n'});
      keys.flush();

      told.await();
      assertThat(keyboard.line()).isEqualTo("ab");
    }
  }
}
