package dev.sconce.cli.internal.demo;

import dev.sconce.base.InvalidInputException;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.resource.ModelResources;
import dev.sconce.generate.selftest.CarriedTokenizer;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import dev.sconce.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Text in, text out, by one call of a method in the program (docs/formats/et_gen.md): the tokenizer
 * comes from the file, the loop, the rules and the search are in it.
 */
public final class OneCall implements AutoCloseable {

  private static final int STEPS = 256;
  private static final int LENGTHS = 2;

  private final PteModule module;
  private final ModelResources resources;
  private final Tokenizer tokenizer;

  private OneCall(PteModule module) {
    this.module = module;
    this.resources = ModelResources.of(module);
    this.tokenizer =
        CarriedTokenizer.of(resources)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        module.program().name(), "tokenizer_blob", "a tokenizer", "none"));
  }

  /**
   * Opens a program.
   *
   * @throws IOException if it cannot be read
   */
  public static OneCall open(Path program) throws IOException {
    PteModule module = PteModule.load(program);
    try {
      return new OneCall(module);
    } catch (RuntimeException e) {
      module.close();
      throw e;
    }
  }

  /** Returns a prompt and what follows it, with the file's own settings. */
  public String story(String prompt, long seed) {
    long[] ids = ids(prompt);
    List<EValue> inputs = new ArrayList<>(List.of(row(ids), ones(ids.length), one(0)));
    inputs.addAll(List.of(settings(1), one(-1), one(seed), one(STEPS)));
    Tensor tokens = module.execute("generate", inputs.toArray(EValue[]::new))[0].toTensor();
    return prompt + text(tokens.toLongArray(), (int) tokens.numel());
  }

  /**
   * Returns what an encoder-decoder model makes of a text.
   *
   * @param beams how many beams are searched; 1 to take the most likely token each time
   */
  public String translate(String source, int beams) {
    long[] ids = ids(source);
    long start = resources.decoderStartToken().orElse(0);
    List<EValue> inputs =
        new ArrayList<>(
            List.of(row(ids), ones(ids.length), row(new long[] {start}), one(0), settings(beams)));
    inputs.add(one(-1));
    if (beams == 1) {
      inputs.add(one(0));
    }
    inputs.add(one(STEPS));
    String method = beams == 1 ? "generate" : "generate_beam";
    EValue[] outputs = module.execute(method, inputs.toArray(EValue[]::new));
    Tensor tokens = outputs[0].toTensor();
    int length =
        beams == 1 ? (int) tokens.numel() : (int) outputs[LENGTHS].toTensor().toLongArray()[0];
    return text(tokens.toLongArray(), length);
  }

  private String text(long[] tokens, int length) {
    return tokenizer.decode(
        Arrays.stream(tokens).limit(length).mapToInt(Math::toIntExact).toArray());
  }

  private long[] ids(String text) {
    return Arrays.stream(tokenizer.encode(text).ids()).asLongStream().toArray();
  }

  /** All at the file's defaults, but for the number of beams. */
  private static EValue settings(int beams) {
    float[] vector = new float[beams == 1 ? 0 : EmbeddedSetting.values().length];
    Arrays.fill(vector, Float.NaN);
    if (beams > 1) {
      vector[EmbeddedSetting.NUM_BEAMS.index()] = beams;
    }
    return EValue.from(Tensor.of(vector, vector.length));
  }

  private static EValue row(long[] values) {
    return EValue.from(Tensor.of(values, 1, values.length));
  }

  private static EValue ones(int length) {
    long[] values = new long[length];
    Arrays.fill(values, 1);
    return row(values);
  }

  private static EValue one(long value) {
    return EValue.from(Tensor.of(new long[] {value}, 1));
  }

  @Override
  public void close() {
    module.close();
  }
}
