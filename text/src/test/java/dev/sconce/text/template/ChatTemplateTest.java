package dev.sconce.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.SconceException;
import dev.sconce.base.TemplateException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatTemplateTest {

  private static final ChatTemplateOptions DEFAULTS = ChatTemplateOptions.defaults();

  private static final String CHATML =
      "{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}"
          + "{% if add_generation_prompt %}<assistant>{% endif %}";

  private static String render(String template) {
    return ChatTemplate.of(template).renderWith(Map.of(), DEFAULTS);
  }

  @Test
  void rendersTypedMessages() {
    String text =
        ChatTemplate.of(CHATML)
            .render(
                List.of(ChatMessage.system("s"), ChatMessage.user("u")),
                DEFAULTS.withAddGenerationPrompt(true));

    assertThat(text).isEqualTo("<system>s</><user>u</><assistant>");
  }

  @Test
  void leavesTheFinalMessageOpen() {
    List<ChatMessage> messages = List.of(ChatMessage.user("u"), ChatMessage.assistant("so far "));
    ChatTemplateOptions open = DEFAULTS.withContinueFinalMessage(true);

    assertThat(ChatTemplate.of(CHATML).render(messages, open))
        .isEqualTo("<user>u</><assistant>so far ");
    assertThat(
            ChatTemplate.of(CHATML.replace("m.content", "m.content | trim")).render(messages, open))
        .isEqualTo("<user>u</><assistant>so far");
    assertThatThrownBy(() -> ChatTemplate.of("{{ 'content' }}").render(messages, open))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void subtractsViewsOfDictionaries() {
    String d = "{% set d = {'a': 1, 'b': 2, 'c': [3]} %}";

    assertThat(render(d + "{{ (d.keys() - ['b', 'z']) | sort | join }}")).isEqualTo("ac");
    assertThat(render(d + "{{ d.keys() - d.keys() }}{{ d.keys() - 'ab' }}"))
        .isEqualTo("set(){'c'}");
    assertThat(render(d + "{{ ['q', 'a'] - d.keys() }}{{ (d.keys() - missing) | length }}"))
        .isEqualTo("{'q'}3");
    assertThat(render(d + "{{ d.keys() - [] == d.keys() }}{{ d.keys() - 'a' < d.keys() }}"))
        .isEqualTo("TrueTrue");
    assertThatThrownBy(() -> render(d + "{{ d.keys() - 5 }}"))
        .hasMessageContaining("'int' object is not iterable");
    assertThatThrownBy(() -> render(d + "{{ d.items() - [] }}"))
        .hasMessageContaining("unhashable type");
    assertThatThrownBy(() -> render(d + "{{ (d.keys() - []) - ['a'] }}"))
        .hasMessageContaining("unsupported operand type(s) for -: 'set' and 'list'");
    assertThatThrownBy(() -> render(d + "{{ d.values() - [] }}"))
        .hasMessageContaining("unsupported operand");
  }

  @Test
  void namesTheLineThatFails() {
    TemplateException e =
        catchThrowableOfType(TemplateException.class, () -> render("a\nb\n{{ missing.x }}\n"));

    assertThat(e.line()).isEqualTo(3);
    assertThat(e.kind()).isEqualTo("UndefinedError");
    assertThat(e.reason()).isEqualTo("'missing' is undefined");
  }

  @Test
  void readsTheInjectedClock() {
    Clock clock = Clock.fixed(Instant.parse("2024-02-05T03:04:05Z"), ZoneId.of("UTC"));

    assertThat(
            ChatTemplate.of("{{ strftime_now('%d %b %Y %A %j %-d %I%p %U %W %V %y %%') }}")
                .renderWith(Map.of(), DEFAULTS.withClock(clock)))
        .isEqualTo("05 Feb 2024 Monday 036 5 03AM 05 06 06 24 %");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{% for i in range(100000) %}{{ 'x' * 100000 }}{% endfor %}",
        "{{ 'x' * 10 ** 12 }}",
        "{{ [0] * 10 ** 12 }}",
        "{{ 9 ** (10 ** 9) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ 'a'.center(2000000000) }}",
        "{{ '%.1000000000f' % 1.0 }}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s.replace('x', 'xx') %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(n=3) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
        "{% set ns = namespace(l=[]) %}{% for i in range(99999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ ('a\\n' * 1000000) | indent(1000000) }}",
        "{{ ['a'] | batch(2000000000, 'x') | list }}",
        "{{ 'a'.join(['b'] * 10000000) * 3 }}",
      })
  void stopsTemplatesThatWantTooMuch(String template) {
    ChatTemplateOptions small = DEFAULTS.withLimits(new TemplateLimits(10_000_000, 1 << 20));
    ChatTemplate parsed = ChatTemplate.of(template);

    assertThatThrownBy(() -> parsed.renderWith(Map.of(), small))
        .isInstanceOf(TemplateException.class);
  }

  @Test
  void rejectsDeepNestingInsteadOfOverflowing() {
    assertThatThrownBy(() -> render("{{ " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + " }}"))
        .isInstanceOf(TemplateException.class);
    assertThatThrownBy(() -> render("{% if 1 %}".repeat(20_000)))
        .isInstanceOf(TemplateException.class);
    assertThatThrownBy(() -> render("{{ 1" + " + 1".repeat(50_000) + " }}"))
        .isInstanceOf(TemplateException.class);
  }

  @Test
  void mutatedTemplatesRenderOrFailWithATemplateException() throws Exception {
    String[] sources = {
      Files.readString(Path.of("src/test/resources/chat/llama31_tools/chat_template.jinja")),
      Files.readString(Path.of("src/test/resources/chat/macro_recursive/chat_template.jinja")),
      Files.readString(Path.of("src/test/resources/chat/mistral_tools/chat_template.jinja")),
    };
    String alphabet = "{}%#-+()[]'\"|.,:~ab1\\\n_é";
    JsonArray messages =
        (JsonArray) Json.parse("messages", "[{\"role\":\"user\",\"content\":\"x\"}]");
    for (int seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      StringBuilder source = new StringBuilder(sources[random.nextInt(sources.length)]);
      for (int i = random.nextInt(4); i >= 0; i--) {
        int at = random.nextInt(source.length());
        switch (random.nextInt(3)) {
          case 0 -> source.deleteCharAt(at);
          case 1 -> source.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
          default -> source.setLength(at + 1);
        }
      }
      try {
        ChatTemplate.of(source.toString()).render(messages, null, DEFAULTS);
      } catch (TemplateException e) {
        assertThat(e.reason()).as("seed %d", seed).isNotNull();
      }
    }
  }

  @Test
  void loadsTemplatesAndSpecialTokensOfACheckpoint(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"bos_token": {"content": "<s>"}, "eos_token": "</s>",
         "chat_template": [{"name": "default", "template": "{{ bos_token }}d"},
                           {"name": "tool_use", "template": "t{{ eos_token }}"}]}
        """);

    ChatTemplates templates = ChatTemplates.load(folder);

    assertThat(templates.choose(false).render(List.of(), DEFAULTS)).isEqualTo("<s>d");
    assertThat(templates.choose(true).render(List.of(), DEFAULTS)).isEqualTo("t</s>");
    assertThatThrownBy(() -> templates.get("rag"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("tool_use");

    Files.writeString(folder.resolve("chat_template.jinja"), "file");
    Files.createDirectory(folder.resolve("additional_chat_templates"));
    Files.writeString(folder.resolve("additional_chat_templates/rag.jinja"), "r");
    ChatTemplates files = ChatTemplates.load(folder);
    assertThat(files.names()).containsExactlyInAnyOrder("default", "rag");
    assertThat(ChatTemplate.load(folder).render(List.of(), DEFAULTS)).isEqualTo("file");
  }

  @Test
  void rejectsDirectoriesWithoutTemplate(@TempDir Path folder) throws Exception {
    assertThatThrownBy(() -> ChatTemplates.load(folder)).isInstanceOf(InvalidInputException.class);
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\": [1]}");
    assertThatThrownBy(() -> ChatTemplates.load(folder))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("chat_template[0]");
  }

  @Test
  void refusesFiltersWhoseResultNobodyCanRepeat() {
    assertThatThrownBy(() -> render("{{ [1, 2] | random }}"))
        .isInstanceOf(SconceException.class)
        .hasMessageContaining("differs from run to run");
  }
}
