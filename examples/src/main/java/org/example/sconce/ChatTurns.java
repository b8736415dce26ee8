package org.example.sconce;

import dev.sconce.base.json.JsonNumber;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.generate.runner.GenerationRequest;
import dev.sconce.generate.runner.Session;
import dev.sconce.generate.runner.TextRunner;
import dev.sconce.text.template.ChatMessage;
import dev.sconce.text.template.ChatTemplate;
import dev.sconce.text.template.ChatTemplateOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A conversation: {@code ChatTurns model.pte "Hello" "And what else?"}. */
public final class ChatTurns {

  private ChatTurns() {}

  /** Says each argument after the first. */
  public static void main(String[] args) {
    try (TextRunner llm = TextRunner.load(Path.of(args[0]));
        Session session = llm.newSession()) {
      ChatTemplate template = llm.chatTemplates().orElseThrow().choose(false);
      // The template writes the special tokens itself.
      GenerationConfig settings =
          llm.defaults().withMaxNewTokens(8).with(Setting.NUM_BOS, JsonNumber.of(0));
      List<ChatMessage> messages = new ArrayList<>();
      for (String text : List.of(args).subList(1, args.length)) {
        messages.add(ChatMessage.user(text));
        String prompt =
            template.render(messages, ChatTemplateOptions.defaults().withAddGenerationPrompt(true));
        // All of the conversation is given again; what the session still holds is not computed
        // again.
        session.rewind(0);
        String answer = session.generate(GenerationRequest.ofTexts(prompt).with(settings)).text();
        System.out.println("> " + text + "\n" + answer);
        messages.add(ChatMessage.assistant(answer));
      }
    }
  }
}
