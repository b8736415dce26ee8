package dev.sconce.generate.runner;

import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Tokens that are generated as they are asked for. */
public interface TokenStream extends Iterator<GeneratedToken>, AutoCloseable {

  /** Generates what is left and returns the whole. */
  GenerationResult finish();

  /** Returns the tokens as a stream, which ends the generation when it is closed. */
  default Stream<GeneratedToken> stream() {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(this::close);
  }

  /** Ends the generation; the runner can be used again. Idempotent. */
  @Override
  void close();
}
