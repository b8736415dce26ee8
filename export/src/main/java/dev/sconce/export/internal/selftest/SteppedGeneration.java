package dev.sconce.export.internal.selftest;

import dev.sconce.generate.selftest.Call.Input;
import dev.sconce.generate.selftest.CallRunner;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A generation that goes on for as many tokens as are asked for, each time from where it was. */
final class SteppedGeneration {

  private static final int SCORES_OUTPUT = 2;
  private static final int POSITION_OUTPUT = 3;

  private final CallRunner runner;
  private final List<Input> beginning;
  private final boolean encoder;
  private final float[] settings;
  private final int seed;

  private List<Input> next;

  /**
   * Starts a generation; nothing runs before tokens are asked for.
   *
   * @param module where it runs; nothing else may run there until the last tokens were asked for
   * @param beginning the prompt, as {@code generate} takes it
   * @param encoder whether the prompt starts with what an encoder reads
   */
  SteppedGeneration(
      PteModule module, List<Input> beginning, boolean encoder, float[] settings, int seed) {
    this.runner = new CallRunner(module);
    this.beginning = beginning;
    this.encoder = encoder;
    this.settings = settings;
    this.seed = seed;
    List<Input> first = new ArrayList<>(beginning);
    first.add(new Input.Given(Tensor.of(new long[] {0}, 1)));
    this.next = first;
  }

  /**
   * Some tokens.
   *
   * @param tokens what was made
   * @param scores the log-probability of each after all rules
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Piece(long[] tokens, double[] scores) {}

  /** Returns the next tokens, fewer if the generation ends. */
  Piece next(int steps) {
    if (next.isEmpty()) {
      return new Piece(new long[0], new double[0]);
    }
    List<Input> inputs = new ArrayList<>(next);
    inputs.addAll(Transcripts.controls(settings, seed, steps));
    EValue[] outputs = runner.run(Transcripts.GENERATE, inputs);
    long[] tokens = outputs[0].toTensor().toLongArray();
    next =
        tokens.length < steps
            ? List.of()
            : after(tokens[steps - 1], outputs[POSITION_OUTPUT].toTensor());
    return new Piece(tokens, outputs[SCORES_OUTPUT].toTensor().toDoubles());
  }

  private List<Input> after(long token, Tensor position) {
    Tensor last = Tensor.of(new long[] {token}, 1, 1);
    List<Input> inputs = new ArrayList<>();
    if (encoder) {
      inputs.addAll(beginning.subList(0, 2));
      inputs.add(new Input.Given(last));
    } else {
      inputs.add(new Input.Given(last));
      inputs.add(new Input.Given(Tensor.of(new long[] {1}, 1, 1)));
    }
    inputs.add(new Input.Given(Tensor.of(position.toLongArray(), 1)));
    return inputs;
  }
}
