package dev.sconce.generate.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.format.safetensors.SafetensorsFile;
import dev.sconce.generate.GenerationConfig;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs of other exporters, in the folder that {@code SCONCE_FIXTURES} names, give the tokens
 * that the official runtime gave when it was stepped by hand: its recorded calls pass a prompt and
 * then the most likely token each.
 */
@EnabledIfEnvironmentVariable(named = "SCONCE_FIXTURES", matches = ".+")
class PeersTest {

  /** One call of the recording: what was passed, and which token was most likely then. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Step(int[] tokens, int position, int likeliest) {}

  static Stream<Path> cases() throws IOException {
    Path models = Path.of(System.getenv("SCONCE_FIXTURES"), "models");
    List<Path> found = new ArrayList<>();
    try (Stream<Path> folders = Files.list(models)) {
      for (Path folder : folders.sorted().toList()) {
        JsonObject json = Json.readObject(folder.resolve("case.json"));
        boolean decoder = steps(folder).stream().anyMatch(step -> step.position > 0);
        if (decoder && json.bool("argmax_stable").orElse(false)) {
          found.add(folder);
        }
      }
    }
    return found.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void generateWhatTheOfficialRuntimeDoes(Path folder) throws IOException {
    try (TextRunner runner = TextRunner.load(folder.resolve("model.pte"))) {
      List<Step> run = new ArrayList<>();
      int compared = 0;
      for (Step step : steps(folder)) {
        if (step.position == 0 && !run.isEmpty()) {
          compared += check(runner, run);
          run.clear();
        }
        run.add(step);
      }
      compared += check(runner, run);
      assertThat(compared).as("%s", folder).isGreaterThan(2);
    }
  }

  /** Generates from the prompt of a run, and returns how many tokens were compared. */
  private static int check(TextRunner runner, List<Step> run) {
    int prompt = run.size();
    while (prompt > 1 && follows(run.get(prompt - 2), run.get(prompt - 1))) {
      prompt--;
    }
    int[] ids =
        run.subList(0, prompt).stream()
            .flatMapToInt(step -> java.util.Arrays.stream(step.tokens))
            .toArray();
    int[] want = run.subList(prompt - 1, run.size()).stream().mapToInt(Step::likeliest).toArray();
    runner.reset();
    GenerationResult result =
        runner.generate(
            GenerationRequest.ofIds(ids)
                .with(GenerationConfig.defaults().withMaxNewTokens(want.length).withEndTokens()));

    assertThat(result.tokens()).containsExactly(want);
    return want.length;
  }

  private static boolean follows(Step before, Step step) {
    return step.tokens.length == 1 && step.tokens[0] == before.likeliest;
  }

  private static List<Step> steps(Path folder) throws IOException {
    JsonObject json = Json.readObject(folder.resolve("case.json"));
    List<Step> steps = new ArrayList<>();
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("io.safetensors"))) {
      for (JsonValue value : json.array("calls").orElseThrow()) {
        JsonObject call = (JsonObject) value;
        JsonArray inputs = call.array("inputs").orElseThrow();
        JsonArray outputs = call.array("outputs").orElseThrow();
        boolean step =
            call.string("method").orElseThrow().equals("forward")
                && inputs.size() == 2
                && isIntegers(file, name(inputs, 1), 1)
                && isIntegers(file, name(inputs, 0), 2);
        if (step) {
          int[] tokens = integers(file, name(inputs, 0));
          int[] positions = integers(file, name(inputs, 1));
          steps.add(new Step(tokens, positions[0], likeliest(file, name(outputs, 0))));
        }
      }
    }
    return steps;
  }

  private static String name(JsonArray values, int index) {
    return ((JsonString) values.get(index)).value();
  }

  private static boolean isIntegers(SafetensorsFile file, String name, int rank) {
    return file.info(name).shape().size() == rank
        && file.info(name).type().dtype().orElseThrow().torchName().equals("int64");
  }

  private static int[] integers(SafetensorsFile file, String name) {
    long[] values = file.data(name).toArray(ValueLayout.JAVA_LONG_UNALIGNED);
    return java.util.Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  private static int likeliest(SafetensorsFile file, String name) {
    MemorySegment data = file.data(name);
    int vocabulary = Math.toIntExact(file.info(name).shape().getLast());
    boolean half = file.info(name).type().dtype().orElseThrow().size() == 2;
    int count = (int) (data.byteSize() / (half ? Short.BYTES : Float.BYTES));
    int best = count - vocabulary;
    for (int i = best; i < count; i++) {
      if (number(data, i, half) > number(data, best, half)) {
        best = i;
      }
    }
    return best - (count - vocabulary);
  }

  /** Half-width logits of the recordings are bfloat16. */
  private static float number(MemorySegment data, int index, boolean half) {
    return half
        ? dev.sconce.base.BFloat16.toFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index))
        : data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
  }
}
