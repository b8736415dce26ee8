package dev.sconce.generate.runner;

import dev.sconce.generate.FinishReason;
import dev.sconce.generate.GeneratedSequence;
import dev.sconce.generate.TokenEvent;
import dev.sconce.generate.TokenScore;
import dev.sconce.text.DecodeStream;
import dev.sconce.text.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes text of tokens as they come, and hands both to the receivers of a request. */
final class TokenDelivery {

  private final GenerationRequest request;
  private final StatsClock clock;
  private final List<@Nullable DecodeStream> texts = new ArrayList<>();
  private final Deque<GeneratedToken> ready = new ArrayDeque<>();

  /**
   * Creates a delivery.
   *
   * @param sequences how many sequences there will be
   */
  TokenDelivery(
      GenerationRequest request, Optional<Tokenizer> tokenizer, int sequences, StatsClock clock) {
    this.request = request;
    this.clock = clock;
    for (int r = 0; r < sequences; r++) {
      texts.add(tokenizer.map(t -> t.decodeStream(true)).orElse(null));
    }
  }

  /** Returns the tokens that nobody has taken yet. */
  Deque<GeneratedToken> ready() {
    return ready;
  }

  /** Hands out a token. */
  void chosen(TokenEvent event) {
    clock.tokenChosen();
    deliver(event);
    clock.receiversDone();
  }

  private void deliver(TokenEvent event) {
    DecodeStream stream = texts.get(event.row());
    String text = "";
    if (stream != null) {
      text = stream.step(event.chosen().id());
      text += event.reason().isPresent() ? stream.flush() : "";
    }
    GeneratedToken token =
        new GeneratedToken(
            event.row(),
            event.index(),
            event.chosen().id(),
            text,
            event.chosen().logprob(),
            event.alternatives(),
            event.reason());
    ready.add(token);
    request.onToken().accept(token);
    if (event.row() == 0 && !text.isEmpty()) {
      request.onText().accept(text);
    }
  }

  /** Hands out the sequences of a search with beams, which knows them when it is over. */
  void found(List<GeneratedSequence> sequences) {
    for (int r = 0; r < sequences.size(); r++) {
      int[] tokens = sequences.get(r).tokens();
      for (int i = 0; i < tokens.length; i++) {
        Optional<FinishReason> reason =
            i == tokens.length - 1 ? Optional.of(sequences.get(r).reason()) : Optional.empty();
        chosen(new TokenEvent(r, i, new TokenScore(tokens[i], Float.NaN), List.of(), reason));
      }
    }
  }

  /** Returns sequences with their texts. */
  static List<Completion> completions(
      List<GeneratedSequence> sequences, Optional<Tokenizer> tokenizer) {
    List<Completion> completions = new ArrayList<>();
    for (GeneratedSequence sequence : sequences) {
      completions.add(
          new Completion(
              sequence.prompt(),
              sequence.tokens(),
              tokenizer.map(t -> t.decode(sequence.tokens(), true)).orElse(""),
              sequence.scores(),
              sequence.score(),
              sequence.reason()));
    }
    return completions;
  }
}
