package dev.sconce.export.internal.selftest;

import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.resource.Getters;
import dev.sconce.generate.resource.ModelResources;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.generate.selftest.Call.Input;
import dev.sconce.runtime.MethodMetadata;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import dev.sconce.runtime.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whole generations by the program's own {@code generate}.
 *
 * <p>Another machine computes scores that differ by a tolerance, and where two tokens are nearer to
 * each other than that it may rightly choose the other. So a transcript ends before the first token
 * that hangs on such a difference: before the first greedy choice whose lead is too small, and
 * before the first draw that comes out otherwise at a temperature a little lower or higher.
 */
final class Transcripts {

  static final String GENERATE = "generate";
  private static final String GENERATE_BEAM = "generate_beam";

  private static final int BEAMS = 3;

  private static final int PROMPT = 8;

  // Eight chosen tokens at most; what ends early mostly ends in the first piece.
  private static final int[] CHOSEN = {1, 3, 4};

  private static final int DRAWN = 4;

  /** A prompt that leads so far is taken. */
  private static final int ENOUGH = 4;

  private static final List<EmbeddedSetting> FILTERS =
      List.of(
          EmbeddedSetting.TOP_H,
          EmbeddedSetting.TOP_K,
          EmbeddedSetting.TOP_P,
          EmbeddedSetting.MIN_P,
          EmbeddedSetting.TYPICAL_P,
          EmbeddedSetting.EPSILON_CUTOFF,
          EmbeddedSetting.ETA_CUTOFF);

  // The lead of a greedy choice is at least half of the tolerance: e² / (1 + e²) at a quarter of
  // it.
  private static final double MARGIN = 4;
  private static final double SURE = -Math.log1p(Math.exp(-2));

  private static final int DRAW_SEED = 20260714;
  private static final int POSITION_OUTPUT = 3;
  private static final int INPUTS_WITH_ENCODER = 8;
  private static final int STREAMED = 3;

  private final PteModule module;
  private final PromptTokens prompts;
  private final double tolerance;
  private final double relative;
  private final GenerationConfig defaults;
  private final boolean encoder;
  private final int capacity;
  private Optional<String> withoutGreedy = Optional.empty();

  /**
   * Creates a writer of transcripts.
   *
   * @param module the program; where a generation begins at position 0, it depends on nothing that
   *     ran there before
   * @param tolerance how far scores may be off on another machine
   * @param relative the same, relative to the scores
   * @param defaults the program's own settings
   */
  Transcripts(
      PteModule module,
      PromptTokens prompts,
      double tolerance,
      double relative,
      GenerationConfig defaults) {
    this.module = module;
    this.prompts = prompts;
    this.tolerance = tolerance;
    this.relative = relative;
    this.defaults = defaults;
    MethodMetadata method = module.metadata(GENERATE);
    this.encoder = method.inputs().size() == INPUTS_WITH_ENCODER;
    this.capacity = last(input(method, encoder ? 2 : 0));
  }

  private static TensorInfo input(MethodMetadata method, int index) {
    return method.inputs().get(index).tensor().orElseThrow();
  }

  private static int last(TensorInfo info) {
    return info.shape().getLast();
  }

  /** Returns why none of the transcripts is greedy; empty if one is. */
  Optional<String> withoutGreedy() {
    return withoutGreedy;
  }

  List<Probe> all() {
    Map<EmbeddedSetting, Double> greedy = settings(0);
    List<Input> prompt = List.of();
    int longest = 0;
    List<List<Input>> candidates = candidates();
    for (List<Input> candidate : candidates) {
      if (longest >= ENOUGH) {
        break;
      }
      int steady = steady(candidate, greedy);
      if (steady > longest) {
        longest = steady;
        prompt = candidate;
      }
    }
    if (longest == 0) {
      withoutGreedy =
          Optional.of(
              String.format(
                  Locale.ROOT,
                  "no greedy generation is among the self-tests: after each of %d prompts the first"
                      + " token leads the next by less than scores may differ on another machine"
                      + " (%.2g), which may then choose another",
                  candidates.size(),
                  tolerance / 2));
    }
    List<Probe> probes = new ArrayList<>();
    // Where nothing is drawn without a word, the defaults are a greedy generation.
    boolean drawsByDefault = value(Map.of(), EmbeddedSetting.DO_SAMPLE) != 0;
    if (longest > 0) {
      if (drawsByDefault) {
        probes.add(probe("generate/greedy", call(prompt, vector(greedy), DRAW_SEED, longest)));
      }
      probes.add(streamed(prompt, vector(greedy), Math.min(longest, STREAMED)));
    }
    // Rules that have something to do, and what the file does without a word.
    Map<EmbeddedSetting, Double> drawn = settings(1);
    drawn.put(EmbeddedSetting.TEMPERATURE, 0.9);
    drawn.put(EmbeddedSetting.TOP_P, 0.95);
    drawn.put(EmbeddedSetting.REPETITION_PENALTY, 1.05);
    List<Input> chosen = prompt.isEmpty() ? candidates.getFirst() : prompt;
    int steadyByDefault = drawsByDefault ? steady(chosen, Map.of()) : longest;
    addSteady("generate/defaults", chosen, Map.of(), steadyByDefault, probes);
    addSteady("generate/drawn", chosen, drawn, steady(chosen, drawn), probes);
    if (longest > 0 && module.methodNames().contains(GENERATE_BEAM) && mostBeams() > 1) {
      probes.add(probe("generate_beam", beamCall(prompt, longest)));
    }
    return probes;
  }

  private static void addSteady(
      String name,
      List<Input> prompt,
      Map<EmbeddedSetting, Double> settings,
      int steps,
      List<Probe> probes) {
    if (steps > 0) {
      probes.add(probe(name, call(prompt, vector(settings), DRAW_SEED, steps)));
    }
  }

  private long mostBeams() {
    return ModelResources.of(module)
        .generationProgram()
        .flatMap(info -> info.object("limits"))
        .map(limits -> limits.integer("beams").orElse(1))
        .orElse(1L);
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
    return value(settings, EmbeddedSetting.DO_SAMPLE) == 0
        ? steadyChoices(prompt, settings)
        : steadyDraws(prompt, settings);
  }

  /**
   * Draws at a temperature T: while the token drawn has more than half of the probability, it is
   * the most likely one, and the lead of its score over every other is at least T·ln(p / (1 - p)).
   */
  private int steadyChoices(List<Input> prompt, Map<EmbeddedSetting, Double> settings) {
    Map<EmbeddedSetting, Double> drawing = with(settings, 1, tolerance / MARGIN);
    // Nothing that is near the most likely token may be left out of the draw.
    FILTERS.forEach(filter -> drawing.put(filter, filter.neutral()));
    int length = 0;
    SteppedGeneration drawn = generation(prompt, drawing);
    for (int piece : CHOSEN) {
      SteppedGeneration.Piece next = drawn.next(piece);
      int sure = 0;
      while (sure < next.tokens().length && next.scores()[sure] > SURE) {
        sure++;
      }
      length += sure;
      if (sure < piece) {
        break;
      }
    }
    return length;
  }

  /** Draws with the same numbers at a temperature a little lower and a little higher. */
  private int steadyDraws(List<Input> prompt, Map<EmbeddedSetting, Double> settings) {
    double temperature = value(settings, EmbeddedSetting.TEMPERATURE);
    long[] colder = drawn(prompt, settings, temperature * (1 - relative / 2));
    long[] warmer = drawn(prompt, settings, temperature * (1 + relative / 2));
    int mismatch = Arrays.mismatch(colder, warmer);
    return mismatch < 0 ? colder.length : mismatch;
  }

  private long[] drawn(
      List<Input> prompt, Map<EmbeddedSetting, Double> settings, double temperature) {
    return generation(prompt, with(settings, 1, temperature)).next(DRAWN).tokens();
  }

  private SteppedGeneration generation(List<Input> prompt, Map<EmbeddedSetting, Double> settings) {
    return new SteppedGeneration(module, prompt, encoder, vector(settings), DRAW_SEED);
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
    MethodMetadata method = module.metadata(GENERATE);
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
    Getters getters = new Getters(module);
    return getters
        .integer(ResourceNames.DECODER_START_ID)
        .orElse(getters.integer(ResourceNames.BOS_ID).orElse(0));
  }

  private static Probe.Request call(List<Input> prompt, float[] settings, int seed, int steps) {
    List<Input> inputs = new ArrayList<>(prompt);
    inputs.add(one(0));
    inputs.addAll(controls(settings, seed, steps));
    return new Probe.Request(GENERATE, inputs);
  }

  /** What follows the position among the inputs of generate. */
  static List<Input> controls(float[] settings, int seed, int steps) {
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
