package dev.sconce.text.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

final class ChatFixturesTest {

  private static final Path COMMITTED = Path.of("src/test/resources/chat");

  @Test
  void rendersTemplatesAsTransformersDoes() throws Exception {
    assertThat(ChatFixtures.templateDifferences(COMMITTED)).isEmpty();
  }

  @Test
  void rendersSnippetsAsTransformersDoes() throws Exception {
    assertThat(ChatFixtures.snippetDifferences(COMMITTED.resolve("snippets.json"))).isEmpty();
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "SCONCE_FIXTURES", matches = ".+")
  void rendersAllFixturesAsTransformersDoes() throws Exception {
    Path all = Path.of(System.getenv("SCONCE_FIXTURES"), "chat");
    assertThat(ChatFixtures.templateDifferences(all)).isEmpty();
    assertThat(ChatFixtures.snippetDifferences(all.resolve("snippets.json"))).isEmpty();
  }
}
