package dev.sconce.generate.runner.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.resource.Getters;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.generate.runner.IoManager;
import dev.sconce.runtime.MethodMetadata;
import dev.sconce.runtime.Program;
import dev.sconce.runtime.PteModule;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A program that maps tokens to the scores of the next one, and how it wants to be called.
 *
 * <p>What is known of the conventions of exporters ends here:
 *
 * <ul>
 *   <li>one method, {@code forward}; or {@code prefill} and {@code decode}, which share their
 *       caches; or {@code token_embedding} and {@code text_decoder};
 *   <li>with caches, told by a second input; or without, for tokens that are all passed each time;
 *   <li>any number of tokens a call up to a bound, or exactly so many: then the last call is
 *       padded.
 * </ul>
 */
public final class DecoderProgram {

  private static final String FORWARD = "forward";
  private static final String PREFILL = "prefill";
  private static final String DECODE = "decode";
  private static final String EMBEDDING = "token_embedding";
  private static final String TEXT_DECODER = "text_decoder";

  private final Program program;
  private final StepMethod prefill;
  private final StepMethod decode;
  private final Optional<StepEmbedding> embedding;
  private final int context;
  private final OptionalInt window;
  private final IoManager.Factory ioManager;

  /** The method that turns tokens into vectors, and how many at most. */
  record StepEmbedding(String method, int longest, boolean dynamic) {}

  private DecoderProgram(
      Program program,
      StepMethod prefill,
      StepMethod decode,
      Optional<StepEmbedding> embedding,
      int context,
      OptionalInt window,
      IoManager.Factory ioManager) {
    this.program = program;
    this.prefill = prefill;
    this.decode = decode;
    this.embedding = embedding;
    this.context = context;
    this.window = window;
    this.ioManager = ioManager;
  }

  /**
   * Finds out how to call a program.
   *
   * @param method the method to use; empty to find it by the names that exporters give
   * @throws InvalidInputException if it is no program that maps tokens to scores
   */
  public static DecoderProgram of(
      PteModule module, Optional<String> method, IoManager.Factory ioManager) {
    List<String> names = module.methodNames();
    Getters getters = new Getters(module);
    int limit = getters.integer(ResourceNames.MAX_SEQ_LEN).orElse(Integer.MAX_VALUE);
    if (limit < 1) {
      throw new InvalidInputException(
          module.program().name(), ResourceNames.MAX_SEQ_LEN, "at least 1", "" + limit);
    }
    String first = method.orElseGet(() -> find(module));
    boolean pair = first.equals(PREFILL) && names.contains(DECODE);
    StepMethod prefill = StepMethod.of(module.metadata(first), limit);
    StepMethod decode = pair ? StepMethod.of(module.metadata(DECODE), limit) : prefill;
    Optional<StepEmbedding> embedding =
        isVectors(prefill.metadata()) && names.contains(EMBEDDING)
            ? Optional.of(embedding(module))
            : Optional.empty();
    // With a cache the bound is the program's to tell; without, a call holds everything.
    int context =
        getters
            .integer(ResourceNames.MAX_CONTEXT_LEN)
            .orElseGet(() -> getters.integer(ResourceNames.MAX_SEQ_LEN).orElse(prefill.longest()));
    DecoderProgram found =
        new DecoderProgram(
            module.program(),
            prefill,
            decode,
            embedding,
            cached(decode) ? context : Math.min(context, decode.longest()),
            getters.integer(ResourceNames.SLIDING_WINDOW),
            ioManager);
    found.newManager();
    return found;
  }

  private static String find(PteModule module) {
    List<String> names = module.methodNames();
    for (String name : List.of(FORWARD, PREFILL, TEXT_DECODER)) {
      if (names.contains(name)) {
        return name;
      }
    }
    throw new InvalidInputException(
        module.program().name(),
        "methods",
        "forward, prefill and decode, or token_embedding and text_decoder",
        names.toString());
  }

  private static boolean isVectors(MethodMetadata metadata) {
    return metadata.inputs().getFirst().tensor().orElseThrow().dtype().isFloating();
  }

  private static StepEmbedding embedding(PteModule module) {
    MethodMetadata metadata = module.metadata(EMBEDDING);
    var tokens =
        metadata.inputs().stream()
            .findFirst()
            .flatMap(MethodMetadata.ValueInfo::tensor)
            .filter(t -> t.shape().size() == 2)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "method '" + EMBEDDING + "'",
                        "input 0",
                        "tokens [1, n]",
                        metadata.inputs().toString()));
    return new StepEmbedding(EMBEDDING, tokens.shape().get(1), tokens.dynamic());
  }

  private static boolean cached(StepMethod method) {
    return method.metadata().inputs().size() > 1;
  }

  /** Returns the size of the vocabulary. */
  public int vocabulary() {
    return decode.vocabulary();
  }

  /** Returns how many tokens a row can have. */
  public int context() {
    return context;
  }

  /** Returns whether methods keep what they were passed from call to call. */
  public boolean cached() {
    return cached(decode);
  }

  /** Returns an empty state with memory of its own. */
  public RowState newState() {
    return cached() ? new CachedState(this) : new RecomputedState(this);
  }

  Program program() {
    return program;
  }

  StepMethod prefill() {
    return prefill;
  }

  StepMethod decode() {
    return decode;
  }

  Optional<StepEmbedding> embedding() {
    return embedding;
  }

  OptionalInt window() {
    return window;
  }

  boolean hasTwoMethods() {
    return !prefill.name().equals(decode.name());
  }

  IoManager newManager() {
    return ioManager.create(
        hasTwoMethods()
            ? List.of(prefill.metadata(), decode.metadata())
            : List.of(decode.metadata()));
  }
}
