package dev.sconce.generate.runner.internal;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.runner.IoManager;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.StateTensor;
import dev.sconce.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A row in a program that keeps keys and values, or other state, from call to call.
 *
 * <p>Tokens beyond what one call takes are passed in several. Where a method takes exactly so many,
 * a last part that is shorter is padded behind; what padding leaves in the caches lies at positions
 * that are overwritten before they are seen. A cache that is a ring has no such positions once the
 * window is reached: there only whole blocks are passed, and what is left token by token.
 */
final class CachedState implements RowState {

  private final DecoderProgram program;
  private final TokenHistory passed = new TokenHistory();
  private LoadedMethods methods;
  private IoManager io;
  private int mostPassed;
  // An execution failed half-way: what it did to state that is no cache cannot be undone.
  private boolean broken;

  CachedState(DecoderProgram program) {
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
    if (tokens.length == 0 || (long) passed.size() + tokens.length > program.context()) {
      throw new InvalidInputException(
          "generate",
          "tokens",
          "1 to " + (program.context() - passed.size()) + ", what the context still holds",
          "" + tokens.length);
    }
    if (broken) {
      refill();
    }
    int from = 0;
    while (true) {
      StepMethod step = choose(tokens.length - from);
      int count = Math.min(step.longest(), tokens.length - from);
      Last last = run(step, tokens, from, count);
      from += count;
      if (from == tokens.length) {
        return last.scores();
      }
    }
  }

  /** The logits of a call, and which of its tokens was the last that counts. */
  private record Last(Tensor logits, int token) {

    float[] scores() {
      long rows = logits.numel() / logits.size(logits.rank() - 1);
      return Logits.row(logits, rows == 1 ? 0 : token);
    }
  }

  private StepMethod choose(int left) {
    StepMethod prefill = program.prefill();
    return left > 1 && (prefill.dynamic() || left >= prefill.longest() || mayPad(prefill))
        ? prefill
        : program.decode();
  }

  /** Returns whether padding behind new tokens does no harm. */
  private boolean mayPad(StepMethod step) {
    long end = (long) passed.size() + step.longest();
    return step.logitsOfAll() && end <= program.window().orElse(Integer.MAX_VALUE);
  }

  private Last run(StepMethod step, int[] tokens, int from, int count) {
    int padded = step.dynamic() ? count : step.longest();
    if (padded > count && !mayPad(step)) {
      throw new InvalidInputException(
          "method '" + step.name() + "'",
          "tokens",
          "a multiple of " + padded + ", since it takes exactly so many",
          "" + count);
    }
    int position = passed.size();
    // The padding must not run over the end of the caches: then the block begins earlier.
    int again = Math.min(position, Math.max(0, position + padded - program.context()));
    long[] ids = new long[padded];
    for (int i = 0; i < again + count && i < padded; i++) {
      ids[i] = i < again ? passed.get(position - again + i) : tokens[from + i - again];
    }
    broken = true;
    List<EValue> outputs =
        methods.execute(step, io.prepare(step.metadata(), methods.tokens(ids), position - again));
    Tensor logits = io.update(step.metadata(), outputs, again + count);
    broken = false;
    passed.append(tokens, from, count);
    mostPassed = Math.max(mostPassed, passed.size());
    return new Last(logits, again + count - 1);
  }

  /** Passes all tokens again, after an execution left state that nobody knows. */
  private void refill() {
    int[] all = passed.toArray();
    restart();
    if (all.length > 0) {
      feed(all);
    }
  }

  @Override
  public int rewind(int length) {
    if (length >= passed.size()) {
      return passed.size();
    }
    boolean kept = !broken && isAddressed() && mostPassed <= program.window().orElse(mostPassed);
    if (kept && io.rewind(length) == length) {
      passed.cut(length);
      mostPassed = length;
    } else {
      restart();
    }
    return passed.size();
  }

  private boolean isAddressed() {
    return methods.state().stream().allMatch(StateTensor::addressed);
  }

  /** Begins anew with memory that nothing was written to. */
  private void restart() {
    methods.close();
    methods = new LoadedMethods(program);
    io = program.newManager();
    passed.cut(0);
    mostPassed = 0;
    broken = false;
  }

  @Override
  public void copyFrom(RowState other) {
    CachedState from = (CachedState) other;
    if (from.length() == 0) {
      rewind(0);
      return;
    }
    methods.copyFrom(from.methods, from.length());
    io.copyFrom(from.io);
    passed.cut(0);
    passed.append(from.tokens(), 0, from.length());
    mostPassed = from.mostPassed;
    broken = from.broken;
  }

  @Override
  public List<Tensor> buffers() {
    List<Tensor> all = new ArrayList<>(io.state());
    methods.state().forEach(buffer -> all.add(buffer.tensor()));
    return all;
  }

  @Override
  public void restored(int[] tokens) {
    passed.cut(0);
    passed.append(tokens, 0, tokens.length);
    mostPassed = tokens.length;
    broken = false;
  }

  @Override
  public void close() {
    methods.close();
  }
}
