package dev.sconce.generate.runner.internal;

import dev.sconce.runtime.Method;
import dev.sconce.runtime.StateTensor;
import org.jspecify.annotations.Nullable;

/**
 * The methods of one runner, kept from one request to the next: the encoder, and a decoder if
 * positions alone say what its caches hold.
 *
 * <p>A method begins with memory that nobody has touched. The system hands that out page by page,
 * which takes a small model longer than the encoder does.
 */
public final class Seq2SeqMethods implements AutoCloseable {

  private final Seq2SeqProgram program;
  private @Nullable Method encoder;
  private @Nullable Method idleDecoder;

  /** Creates the methods of a runner; nothing is loaded yet. */
  public Seq2SeqMethods(Seq2SeqProgram program) {
    this.program = program;
  }

  Seq2SeqProgram program() {
    return program;
  }

  /** Returns the encoder, of which every request ends the last one's results. */
  Method encoder() {
    Method known = encoder;
    if (known == null) {
      known = program.loadEncoder();
      encoder = known;
    }
    return known;
  }

  /** Returns a decoder for new rows; its caches may hold what others left. */
  Method takeDecoder() {
    Method taken = idleDecoder;
    if (taken == null) {
      return program.loadDecoder();
    }
    idleDecoder = null;
    return taken;
  }

  /** Takes a decoder back whose rows are no longer wanted. */
  void giveBack(Method decoder) {
    if (idleDecoder == null && decoder.state().stream().allMatch(StateTensor::addressed)) {
      idleDecoder = decoder;
    } else {
      decoder.close();
    }
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
      encoder = null;
    }
    if (idleDecoder != null) {
      idleDecoder.close();
      idleDecoder = null;
    }
  }
}
