package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateCommandTest {

  @TempDir private Path folder;

  private CommandRun render(String conversation) throws IOException {
    Path template =
        Files.writeString(
            folder.resolve("t.jinja"),
            "{% for m in messages %}[{{ m.role }}: {{ m.content }}]{% endfor %}{{ more }}");
    Path messages = Files.writeString(folder.resolve("messages.json"), conversation);
    return CommandRun.of("chat-template", template.toString(), messages.toString());
  }

  @Test
  void rendersAnArrayOrAnObjectWithMessages() throws IOException {
    String messages = "[{\"role\": \"user\", \"content\": \"hi\"}]";

    assertThat(render(messages).succeeds().out()).isEqualTo("[user: hi]");
    assertThat(render("{\"messages\": " + messages + ", \"more\": 5}").succeeds().out())
        .isEqualTo("[user: hi]5");
  }

  @Test
  void refusesAnObjectWithoutMessages() throws IOException {
    CommandRun run = render("{\"message\": []}");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("messages.json", "an object with messages", "[message]");
  }
}
