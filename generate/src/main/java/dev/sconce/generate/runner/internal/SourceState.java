package dev.sconce.generate.runner.internal;

import dev.sconce.runtime.Method;
import dev.sconce.runtime.StateTensor;
import dev.sconce.runtime.Tensor;
import java.util.List;

/** One row of a target in a decoder of its own; rows of one source share what was made of it. */
final class SourceState implements RowState {

  private static final int[] ITSELF = {0};

  private final Seq2SeqMethods methods;
  private final Seq2SeqProgram program;
  private final EncodedSource source;
  private final Method decoder;
  private final TokenHistory passed = new TokenHistory();

  SourceState(Seq2SeqMethods methods, EncodedSource source) {
    this.methods = methods;
    this.program = methods.program();
    this.source = source;
    this.decoder = methods.takeDecoder();
  }

  @Override
  public int[] tokens() {
    return passed.toArray();
  }

  @Override
  public int length() {
    return passed.size();
  }

  @Override
  public float[] feed(int[] tokens) {
    Tensor logits = program.decode(decoder, source, new int[][] {tokens}, passed.size(), ITSELF);
    passed.append(tokens, 0, tokens.length);
    return program.scores(logits, 0);
  }

  /** Keeps what is asked: positions say what the caches hold. */
  @Override
  public int rewind(int length) {
    passed.cut(length);
    return passed.size();
  }

  @Override
  public void copyFrom(RowState other) {
    SourceState from = (SourceState) other;
    decoder.copyFilledStateFrom(from.decoder, program.context(), from.length());
    restored(from.tokens());
  }

  @Override
  public List<Tensor> buffers() {
    return decoder.state().stream().map(StateTensor::tensor).toList();
  }

  @Override
  public void restored(int[] tokens) {
    passed.cut(0);
    passed.append(tokens, 0, tokens.length);
  }

  @Override
  public void close() {
    methods.giveBack(decoder);
  }
}
