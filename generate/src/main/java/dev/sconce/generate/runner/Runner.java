package dev.sconce.generate.runner;

import dev.sconce.generate.GenerationConfig;
import java.util.function.Consumer;

/**
 * Generates with a program: the runner interface of ExecuTorch.
 *
 * <p>One caller at a time; only {@link #stop} may come from any thread. Every {@link #generate}
 * continues what the calls before it left, if the program is one that can, until {@link #reset}.
 * The program is loaded by the first call that needs it, or by {@link #load}.
 */
public interface Runner extends AutoCloseable {

  /** Returns whether everything that generating needs is loaded. */
  boolean isLoaded();

  /** Loads everything that generating needs; does nothing if it is loaded. */
  void load();

  /** Returns the settings of the program, to lay others over; loads it. */
  GenerationConfig defaults();

  /**
   * Generates.
   *
   * @throws dev.sconce.base.InvalidInputException if the request does not suit the program; its
   *     state is as before then
   */
  GenerationResult generate(GenerationRequest request);

  /**
   * Generates and hands tokens out as the caller asks for them; nothing is computed ahead.
   *
   * @return the tokens; close it if it is not read to its end
   */
  TokenStream stream(GenerationRequest request);

  /** Generates from a text and hands out its pieces as they come. */
  default GenerationResult generate(
      String prompt, GenerationConfig config, Consumer<String> onText) {
    return generate(GenerationRequest.ofTexts(prompt).with(config).onText(onText));
  }

  /**
   * Puts tokens before those of the next request, which continues them.
   *
   * @return the most likely next token
   */
  int prefill(GenerationRequest request);

  /**
   * Ends the generation in progress after its current token, or the next one before its first if
   * there is none; any thread may call it.
   */
  void stop();

  /** Forgets all that went before: the conversation, a stop that was not seen yet, the counts. */
  void reset();

  /** Generates some tokens to no effect, so that the JVM compiles what runs. */
  void warmup(GenerationRequest request);

  /** Returns the counts and times of the last generation. */
  Stats stats();

  /** Gives all memory back. Idempotent. */
  @Override
  void close();
}
