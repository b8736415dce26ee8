package dev.sconce.cli.internal.chat;

import dev.sconce.base.SconceException;
import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.Style;
import dev.sconce.cli.internal.generate.Seeds;
import dev.sconce.cli.internal.generate.StatsReport;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.GenerationResult;
import dev.sconce.generate.runner.Session;
import dev.sconce.text.template.ChatMessage;
import dev.sconce.text.template.ChatTemplate;
import dev.sconce.text.template.ChatTemplateOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages and prints answers until the input ends.
 *
 * <p>Every turn renders the whole conversation with the template, as the model was trained on it;
 * the session computes only what is new.
 */
public final class ChatLoop {

  private static final String PROMPT = "> ";
  private static final String CONTINUED = ". ";
  private static final String BLOCK = "\"\"\"";

  private static final List<String> HELP =
      List.of(
          "/reset           forget the conversation",
          "/system [TEXT]   begin anew, with other instructions for the model or none",
          "/history         show the conversation so far",
          "/stats           counts and times of the last answer",
          "/help            this",
          "/exit            leave; so does the end of the input (Ctrl-D)",
          "A message over several lines stands between lines of \"\"\", or ends its lines with \\.",
          "Ctrl-C stops an answer.");

  private final Console console;
  private final Keyboard keyboard;
  private final Terminal terminal;
  private final Session session;
  private final ChatTemplate template;
  private final GenerationConfig config;
  private final List<ChatMessage> messages = new ArrayList<>();
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private @Nullable String system;

  /**
   * Creates a conversation.
   *
   * @param system what the model is told first, or null for nothing
   */
  public ChatLoop(
      Console console,
      Keyboard keyboard,
      Terminal terminal,
      Session session,
      ChatTemplate template,
      GenerationConfig config,
      @Nullable String system) {
    this.console = console;
    this.keyboard = keyboard;
    this.terminal = terminal;
    this.session = session;
    this.template = template;
    this.config = config;
    this.system = system;
  }

  /** Talks until the input ends or somebody leaves. */
  public void run() {
    keyboard.onInterrupt(() -> interrupted.set(true));
    begin();
    while (true) {
      String message = message();
      if (message == null || message.strip().equals("/exit")) {
        return;
      }
      if (message.strip().startsWith("/")) {
        command(message.strip());
      } else if (!message.isBlank()) {
        say(message);
      }
    }
  }

  private void begin() {
    messages.clear();
    session.reset();
    if (system != null) {
      messages.add(ChatMessage.system(system));
    }
  }

  /** Reads a message of one line or several; null at the end. */
  private @Nullable String message() {
    prompt(PROMPT);
    String line = keyboard.line();
    if (line == null) {
      return null;
    }
    return line.strip().equals(BLOCK) ? block() : lines(line);
  }

  private @Nullable String block() {
    StringBuilder text = new StringBuilder();
    prompt(CONTINUED);
    for (String line = keyboard.line(); line != null; line = keyboard.line()) {
      if (line.strip().equals(BLOCK)) {
        return text.toString().stripTrailing();
      }
      text.append(line).append('\n');
      prompt(CONTINUED);
    }
    return null;
  }

  private String lines(String first) {
    StringBuilder text = new StringBuilder();
    String line = first;
    while (line != null && line.endsWith("\\")) {
      text.append(line, 0, line.length() - 1).append('\n');
      prompt(CONTINUED);
      line = keyboard.line();
    }
    return text.append(line == null ? "" : line).toString();
  }

  private void prompt(String text) {
    console.out().print(console.styled(Style.BOLD, text));
    console.out().flush();
  }

  private void command(String text) {
    String[] words = text.split("\\s+", 2);
    switch (words[0]) {
      case "/reset" -> begin();
      case "/system" -> {
        system = words.length > 1 ? words[1] : null;
        begin();
      }
      case "/history" -> messages.forEach(m -> console.line(m.role() + ": " + textOf(m)));
      case "/stats" -> StatsReport.print(console, session.stats());
      case "/help" -> HELP.forEach(console::line);
      default -> console.warn("no command " + words[0] + "; /help shows what there is");
    }
  }

  private static String textOf(ChatMessage message) {
    return message.content() instanceof dev.sconce.base.json.JsonString(String text)
        ? text
        : message.content().toString();
  }

  private void say(String text) {
    messages.add(ChatMessage.user(text));
    try {
      GenerationResult answer = answer();
      messages.add(ChatMessage.assistant(answer.text()));
      console.out().println();
      switch (answer.completions().getFirst().reason()) {
        case LENGTH -> console.warn("the answer was cut: its length or the context is at an end");
        case TIME -> console.warn("the answer was cut: the time was up");
        case UNFINISHED -> console.warn("no answer was found: rules forbid every token");
        case STOP, CANCELLED -> {}
      }
    } catch (SconceException e) {
      // The message was too long, for example: the conversation is as before.
      messages.removeLast();
      console.out().println();
      console.warn(String.valueOf(e.getMessage()));
    }
  }

  private GenerationResult answer() {
    String prompt =
        template.render(messages, ChatTemplateOptions.defaults().withAddGenerationPrompt(true));
    interrupted.set(false);
    terminal.answering();
    try {
      session.rewind(0);
      return session.generate(
          GenerationRequest.ofTexts(prompt)
              .with(Seeds.in(config))
              .withStops(_ -> interrupted.get())
              .onText(
                  piece -> {
                    console.out().print(piece);
                    console.out().flush();
                  }));
    } finally {
      terminal.listening();
    }
  }
}
