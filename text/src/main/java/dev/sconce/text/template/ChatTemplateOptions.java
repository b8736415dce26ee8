package dev.sconce.text.template;

import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonValue;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * How a conversation is rendered; immutable, with {@code with} methods that return changed copies.
 */
public final class ChatTemplateOptions {

  private static final ChatTemplateOptions DEFAULTS =
      new ChatTemplateOptions(
          false,
          false,
          Optional.empty(),
          new LinkedHashMap<>(),
          Clock.system(ZoneId.systemDefault()),
          TemplateLimits.defaults());

  private final boolean addGenerationPrompt;
  private final boolean continueFinalMessage;
  private final Optional<JsonArray> documents;
  private final SequencedMap<String, JsonValue> variables;
  private final Clock clock;
  private final TemplateLimits limits;

  private ChatTemplateOptions(
      boolean addGenerationPrompt,
      boolean continueFinalMessage,
      Optional<JsonArray> documents,
      SequencedMap<String, JsonValue> variables,
      Clock clock,
      TemplateLimits limits) {
    this.addGenerationPrompt = addGenerationPrompt;
    this.continueFinalMessage = continueFinalMessage;
    this.documents = documents;
    this.variables = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(variables));
    this.clock = clock;
    this.limits = limits;
  }

  /** Returns transformers' defaults: no generation prompt, no documents, no further variables. */
  public static ChatTemplateOptions defaults() {
    return DEFAULTS;
  }

  /** Returns whether the prompt ends with the opening of the assistant's next message. */
  public boolean addGenerationPrompt() {
    return addGenerationPrompt;
  }

  /** Returns whether the prompt stops inside the last message, for the model to go on. */
  public boolean continueFinalMessage() {
    return continueFinalMessage;
  }

  /** Returns the documents for templates that know retrieval. */
  public Optional<JsonArray> documents() {
    return documents;
  }

  /** Returns the further variables, such as {@code enable_thinking}. */
  public Map<String, JsonValue> variables() {
    return variables;
  }

  /** Returns the clock and zone of {@code strftime_now}. */
  public Clock clock() {
    return clock;
  }

  /** Returns the limits on work and output. */
  public TemplateLimits limits() {
    return limits;
  }

  /** Returns these options with or without a generation prompt. */
  public ChatTemplateOptions withAddGenerationPrompt(boolean add) {
    return new ChatTemplateOptions(add, continueFinalMessage, documents, variables, clock, limits);
  }

  /** Returns these options with the last message left open or closed. */
  public ChatTemplateOptions withContinueFinalMessage(boolean open) {
    return new ChatTemplateOptions(addGenerationPrompt, open, documents, variables, clock, limits);
  }

  /** Returns these options with documents, each an object with {@code title} and {@code text}. */
  public ChatTemplateOptions withDocuments(JsonArray newDocuments) {
    return new ChatTemplateOptions(
        addGenerationPrompt,
        continueFinalMessage,
        Optional.of(newDocuments),
        variables,
        clock,
        limits);
  }

  /** Returns these options with a further variable, which hides one of the template's directory. */
  public ChatTemplateOptions withVariable(String name, JsonValue value) {
    SequencedMap<String, JsonValue> all = new LinkedHashMap<>(variables);
    all.put(name, value);
    return new ChatTemplateOptions(
        addGenerationPrompt, continueFinalMessage, documents, all, clock, limits);
  }

  /** Returns these options with another clock, for prompts that do not change with the day. */
  public ChatTemplateOptions withClock(Clock newClock) {
    return new ChatTemplateOptions(
        addGenerationPrompt, continueFinalMessage, documents, variables, newClock, limits);
  }

  /** Returns these options with other limits. */
  public ChatTemplateOptions withLimits(TemplateLimits newLimits) {
    return new ChatTemplateOptions(
        addGenerationPrompt, continueFinalMessage, documents, variables, clock, newLimits);
  }
}
