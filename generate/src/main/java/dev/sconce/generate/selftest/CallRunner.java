package dev.sconce.generate.selftest;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.selftest.Call.Input;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import java.util.ArrayList;
import java.util.List;

/** Makes the calls of a test in order; later ones may take what earlier ones returned. */
public final class CallRunner {

  private final PteModule module;
  private final List<EValue[]> results = new ArrayList<>();

  /** Creates a runner of one test, on a module whose state does not matter to its calls. */
  public CallRunner(PteModule module) {
    this.module = module;
  }

  /**
   * Makes the next call.
   *
   * @throws dev.sconce.base.SconceException if the method does not take the inputs or fails
   */
  public EValue[] run(String method, List<Input> inputs) {
    EValue[] outputs = module.execute(method, resolve(method, inputs).toArray(EValue[]::new));
    results.add(outputs);
    return outputs;
  }

  /** Returns what the next call would pass. */
  public List<EValue> resolve(String method, List<Input> inputs) {
    List<EValue> values = new ArrayList<>();
    for (Input input : inputs) {
      values.add(
          switch (input) {
            case Input.Given(var tensor) -> EValue.from(tensor);
            case Input.Pattern pattern -> EValue.from(pattern.tensor());
            case Input.Returned(int call, int output) -> returned(method, call, output);
          });
    }
    return values;
  }

  private EValue returned(String method, int call, int output) {
    if (call >= results.size() || output >= results.get(call).length) {
      throw new InvalidInputException(
          method, "self-test input", "an output of an earlier call", call + "." + output);
    }
    return results.get(call)[output];
  }
}
