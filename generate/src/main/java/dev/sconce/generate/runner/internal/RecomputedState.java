package dev.sconce.generate.runner.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.runner.IoManager;
import dev.sconce.runtime.Tensor;
import java.util.List;

/** A row in a program without caches: every call passes all tokens. */
final class RecomputedState implements RowState {

  private final DecoderProgram program;
  private final LoadedMethods methods;
  private final IoManager io;
  private final TokenHistory passed = new TokenHistory();

  RecomputedState(DecoderProgram program) {
    this.program = program;
    this.methods = new LoadedMethods(program);
    this.io = program.newManager();
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
    int count = passed.size() + tokens.length;
    if (tokens.length == 0 || count > program.context()) {
      throw new InvalidInputException(
          "generate",
          "tokens",
          "1 to " + (program.context() - passed.size()) + ", what the context still holds",
          "" + tokens.length);
    }
    StepMethod step = program.decode();
    int padded = step.dynamic() ? count : step.longest();
    if (padded > count && !step.logitsOfAll()) {
      throw new InvalidInputException(
          "method '" + step.name() + "'",
          "outputs",
          "logits of every token, since it takes exactly " + padded,
          "those of the last one");
    }
    long[] ids = new long[padded];
    for (int i = 0; i < count; i++) {
      ids[i] = i < passed.size() ? passed.get(i) : tokens[i - passed.size()];
    }
    Tensor logits =
        io.update(
            step.metadata(),
            methods.execute(step, io.prepare(step.metadata(), methods.tokens(ids), 0)),
            count);
    passed.append(tokens, 0, tokens.length);
    long rows = logits.numel() / logits.size(logits.rank() - 1);
    return Logits.row(logits, rows == 1 ? 0 : count - 1);
  }

  @Override
  public int rewind(int length) {
    passed.cut(length);
    return passed.size();
  }

  @Override
  public void copyFrom(RowState other) {
    restored(other.tokens());
  }

  @Override
  public List<Tensor> buffers() {
    return List.of();
  }

  @Override
  public void restored(int[] tokens) {
    passed.cut(0);
    passed.append(tokens, 0, tokens.length);
  }

  @Override
  public void close() {
    methods.close();
  }
}
