package dev.sconce.export.internal.selftest;

import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.resource.Getters;
import dev.sconce.generate.resource.ModelResources;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.generate.selftest.Call.Input;
import dev.sconce.generate.selftest.CallRunner;
import dev.sconce.runtime.MethodMetadata;
import dev.sconce.runtime.Program;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import dev.sconce.runtime.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Whole generations by the program's own {@code generate}.
 *
 * <p>Another machine computes scores that differ by a tolerance, and where two tokens are nearer to
 * each other than that it may rightly choose the other. So a transcript ends before the first token
 * that hangs on such a difference: it is compared with generations that draw at a temperature of
 * that tolerance, and ends where one of them differs. A drawn transcript is compared with ones at a
 * temperature a little lower and higher.
 */
final class Transcripts {

  static final String GENERATE = "generate";
  private static final String GENERATE_BEAM = "generate_beam";

  private static final int BEAMS = 3;

  private static final int PROMPT = 24;
  private static final int STEPS = 16;
  private static final int NOISY_RUNS = 4;

  /** Four draws at a quarter of the tolerance mostly find what is nearer than the tolerance. */
  private static final double MARGIN = 4;

  private static final int DRAW_SEED = 20260714;
  private static final int POSITION_OUTPUT = 3;
  private static final int INPUTS_WITH_ENCODER = 8;
  private static final int STREAMED = 4;

  private final Program program;
  private final PromptTokens prompts;
  private final double tolerance;
  private final double relative;
  private final GenerationConfig defaults;
  private final boolean encoder;
  private final int capacity;

  /**
   * Creates a writer of transcripts.
   *
   * @param tolerance how far scores may be off on another machine
   * @param relative the same, relative to the scores
   * @param defaults the program's own settings
   */
  Transcripts(
      Program program,
      PromptTokens prompts,
      double tolerance,
      double relative,
      GenerationConfig defaults) {
    this.program = program;
    this.prompts = prompts;
    this.tolerance = tolerance;
    this.relative = relative;
    this.defaults = defaults;
    MethodMetadata method = program.metadata(GENERATE);
    this.encoder = method.inputs().size() == INPUTS_WITH_ENCODER;
    this.capacity = last(input(method, encoder ? 2 : 0));
  }

  private static TensorInfo input(MethodMetadata method, int index) {
    return method.inputs().get(index).tensor().orElseThrow();
  }

  private static int last(TensorInfo info) {
    return info.shape().getLast();
  }

  List<Probe> all() {
    Map<EmbeddedSetting, Double> greedy = settings(0);
    List<Input> prompt = List.of();
    int longest = 0;
    for (List<Input> candidate : candidates()) {
      int steady = steady(candidate, greedy);
      if (steady > longest) {
        longest = steady;
        prompt = candidate;
      }
    }
    List<Probe> probes = new ArrayList<>();
    if (longest > 0) {
      probes.add(probe("generate/greedy", call(prompt, vector(greedy), DRAW_SEED, longest)));
      probes.add(streamed(prompt, vector(greedy), Math.min(longest, STREAMED)));
    }
    // Rules that have something to do, and what the file does without a word.
    Map<EmbeddedSetting, Double> drawn = settings(1);
    drawn.put(EmbeddedSetting.TEMPERATURE, 0.9);
    drawn.put(EmbeddedSetting.TOP_P, 0.95);
    drawn.put(EmbeddedSetting.REPETITION_PENALTY, 1.05);
    List<Input> chosen = prompt.isEmpty() ? candidates().getFirst() : prompt;
    Map.of("generate/drawn", drawn, "generate/defaults", Map.<EmbeddedSetting, Double>of())
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> {
              int steady = steady(chosen, entry.getValue());
              if (steady > 0) {
                float[] vector = vector(entry.getValue());
                probes.add(probe(entry.getKey(), call(chosen, vector, DRAW_SEED, steady)));
              }
            });
    if (longest > 0 && program.methodNames().contains(GENERATE_BEAM) && mostBeams() > 1) {
      probes.add(probe("generate_beam", beamCall(prompt, longest)));
    }
    return probes;
  }

  private long mostBeams() {
    try (PteModule module = PteModule.of(program)) {
      return ModelResources.of(module)
          .generationProgram()
          .flatMap(info -> info.object("limits"))
          .map(limits -> limits.integer("beams").orElse(1))
          .orElse(1L);
    }
  }

  /** The same inputs as generate has, without a seed. */
  private Probe.Request beamCall(List<Input> prompt, int steps) {
    Map<EmbeddedSetting, Double> settings = settings(0);
    settings.put(EmbeddedSetting.NUM_BEAMS, (double) Math.min(BEAMS, mostBeams()));
    float[] vector = vector(settings);
    List<Input> inputs = new ArrayList<>(prompt);
    inputs.add(one(0));
    inputs.add(new Input.Given(Tensor.of(vector, vector.length)));
    inputs.add(one(-1));
    inputs.add(one(steps));
    return new Probe.Request(GENERATE_BEAM, inputs);
  }

  /** Returns how many tokens do not hang on differences within the tolerance. */
  private int steady(List<Input> prompt, Map<EmbeddedSetting, Double> settings) {
    long[] tokens = tokens(prompt, settings, DRAW_SEED);
    int common = tokens.length;
    for (Run other : neighbours(settings)) {
      common = Math.min(common, commonPrefix(tokens, tokens(prompt, other.settings, other.seed)));
    }
    return common;
  }

  private record Run(Map<EmbeddedSetting, Double> settings, int seed) {}

  private List<Run> neighbours(Map<EmbeddedSetting, Double> settings) {
    List<Run> runs = new ArrayList<>();
    if (value(settings, EmbeddedSetting.DO_SAMPLE) == 0) {
      for (int seed = 1; seed <= NOISY_RUNS; seed++) {
        runs.add(new Run(with(settings, 1, tolerance / MARGIN), seed));
      }
    } else {
      double temperature = value(settings, EmbeddedSetting.TEMPERATURE);
      runs.add(new Run(with(settings, 1, temperature * (1 - relative / 2)), DRAW_SEED));
      runs.add(new Run(with(settings, 1, temperature * (1 + relative / 2)), DRAW_SEED));
    }
    return runs;
  }

  private double value(Map<EmbeddedSetting, Double> settings, EmbeddedSetting setting) {
    return settings.getOrDefault(setting, setting.of(defaults));
  }

  private static Map<EmbeddedSetting, Double> with(
      Map<EmbeddedSetting, Double> settings, double sample, double temperature) {
    Map<EmbeddedSetting, Double> changed = new EnumMap<>(EmbeddedSetting.class);
    changed.putAll(settings);
    changed.put(EmbeddedSetting.DO_SAMPLE, sample);
    changed.put(EmbeddedSetting.TEMPERATURE, temperature);
    return changed;
  }

  /** One token a call, each fed back as it came. */
  private Probe streamed(List<Input> prompt, float[] settings, int tokens) {
    List<Probe.Request> calls = new ArrayList<>(List.of(call(prompt, settings, DRAW_SEED, 1)));
    for (int i = 1; i < tokens; i++) {
      List<Input> inputs = new ArrayList<>();
      if (encoder) {
        inputs.addAll(prompt.subList(0, 2));
        inputs.add(new Input.Returned(i - 1, 0));
      } else {
        inputs.add(new Input.Returned(i - 1, 0));
        inputs.add(ones(1));
      }
      inputs.add(new Input.Returned(i - 1, POSITION_OUTPUT));
      inputs.addAll(controls(settings, DRAW_SEED, 1));
      calls.add(new Probe.Request(GENERATE, inputs));
    }
    return new Probe("generate/streamed", calls);
  }

  /** The inputs that say what to go on from. */
  private List<List<Input>> candidates() {
    MethodMetadata method = program.metadata(GENERATE);
    List<List<Input>> candidates = new ArrayList<>();
    if (!encoder) {
      for (long[] ids : prompts.prompts(Math.min(PROMPT, Math.max(1, capacity / 2)))) {
        candidates.add(List.of(row(ids), ones(ids.length)));
      }
      return candidates;
    }
    Input start = row(new long[] {startToken()});
    TensorInfo source = input(method, 0);
    if (source.dtype().isFloating()) {
      List<Long> shape = source.shape().stream().map(Integer::longValue).toList();
      return List.of(List.of(new Input.Pattern(shape), ones(last(input(method, 1))), start));
    }
    for (long[] ids : prompts.prompts(Math.min(PROMPT, last(source)))) {
      candidates.add(List.of(row(ids), ones(ids.length), start));
    }
    return candidates;
  }

  private int startToken() {
    try (PteModule module = PteModule.of(program)) {
      Getters getters = new Getters(module);
      return getters
          .integer(ResourceNames.DECODER_START_ID)
          .orElse(getters.integer(ResourceNames.BOS_ID).orElse(0));
    }
  }

  private long[] tokens(List<Input> prompt, Map<EmbeddedSetting, Double> settings, int seed) {
    Probe.Request request = call(prompt, vector(settings), seed, STEPS);
    try (PteModule module = PteModule.of(program)) {
      return new CallRunner(module).run(GENERATE, request.inputs())[0].toTensor().toLongArray();
    }
  }

  private Probe.Request call(List<Input> prompt, float[] settings, int seed, int steps) {
    List<Input> inputs = new ArrayList<>(prompt);
    inputs.add(one(0));
    inputs.addAll(controls(settings, seed, steps));
    return new Probe.Request(GENERATE, inputs);
  }

  private static List<Input> controls(float[] settings, int seed, int steps) {
    return List.of(
        new Input.Given(Tensor.of(settings, settings.length)), one(-1), one(seed), one(steps));
  }

  private static Map<EmbeddedSetting, Double> settings(double sample) {
    Map<EmbeddedSetting, Double> settings = new EnumMap<>(EmbeddedSetting.class);
    settings.put(EmbeddedSetting.DO_SAMPLE, sample);
    return settings;
  }

  /** Nothing at all where everything is at its default, so that this is tested too. */
  private static float[] vector(Map<EmbeddedSetting, Double> settings) {
    if (settings.isEmpty()) {
      return new float[0];
    }
    float[] vector = new float[EmbeddedSetting.values().length];
    Arrays.fill(vector, Float.NaN);
    settings.forEach((setting, value) -> vector[setting.index()] = value.floatValue());
    return vector;
  }

  private static int commonPrefix(long[] a, long[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  private static Input row(long[] values) {
    return new Input.Given(Tensor.of(values, 1, values.length));
  }

  private static Input ones(int length) {
    long[] values = new long[length];
    Arrays.fill(values, 1);
    return row(values);
  }

  private static Input one(long value) {
    return new Input.Given(Tensor.of(new long[] {value}, 1));
  }

  private static Probe probe(String name, Probe.Request call) {
    return new Probe(name, List.of(call));
  }
}
