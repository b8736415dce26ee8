package dev.sconce.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sconce.base.SconceException;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What encoder-decoder programs generate on their own is what transformers generates. */
final class Seq2SeqGenerateTest {

  private static final double SCORE_TOLERANCE = 1e-3;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"t5_tiny, xnnpack", "marian_tiny, portable", "m2m_100_tiny, xnnpack"})
  void generatesAsTransformers(String name, String recipe) throws IOException {
    Goldens goldens = Goldens.open(Goldens.committed(name));
    List<JsonObject> cases =
        goldens.cases().stream().filter(c -> c.string("op").orElse("").equals("generate")).toList();
    int greedy = 0;
    int beams = 0;
    Search first = Search.of(cases.getFirst().object("inputs").orElseThrow());
    try (PteModule module = export(goldens, first, recipe)) {
      for (JsonObject golden : cases) {
        Search search = Search.of(golden.object("inputs").orElseThrow());
        JsonObject outputs = golden.object("outputs").orElseThrow();
        List<long[]> want = Goldens.rows(outputs, "sequences");
        if (outputs.has("sequences_scores")) {
          beams++;
          EValue[] found = search.beams(module);
          assertThat(rows(found[0])).as("%s %s", name, golden).isDeepEqualTo(array(want));
          assertThat(found[1].toTensor().toFloatArray())
              .containsExactly(
                  goldens.array(outputs.string("sequences_scores").orElseThrow()),
                  within((float) SCORE_TOLERANCE));
        } else {
          greedy++;
          assertThat(search.generate(module, search.steps()))
              .as("%s %s", name, golden)
              .isDeepEqualTo(array(want));
          assertThat(search.generate(module, 1)).as("streamed").isDeepEqualTo(array(want));
        }
      }
    }
    assertThat(greedy).isPositive();
    assertThat(beams).isPositive();
  }

  @Test
  void sourcesAreReadAnewFromTheBeginning() throws IOException {
    Goldens goldens = Goldens.open(Goldens.committed("t5_tiny"));
    JsonObject golden =
        goldens.cases().stream()
            .filter(c -> c.string("op").orElse("").equals("generate"))
            .findFirst()
            .orElseThrow();
    Search both = Search.of(golden.object("inputs").orElseThrow());
    try (PteModule module = export(goldens, both, "portable")) {
      long[][] together = both.generate(module, both.steps());
      // The second source alone, without its padding, then both again.
      Search second = both.only(1);
      long[] alone = second.generate(module, second.steps())[0];
      assertThat(Arrays.copyOf(together[1], alone.length)).isEqualTo(alone);
      assertThat(both.generate(module, both.steps())).isDeepEqualTo(together);
    }
  }

  @Test
  void refusesMoreSourcesThanThereIsRoomFor() throws IOException {
    Goldens goldens = Goldens.open(Goldens.committed("t5_tiny"));
    JsonObject golden =
        goldens.cases().stream()
            .filter(c -> c.string("op").orElse("").equals("generate"))
            .findFirst()
            .orElseThrow();
    Search both = Search.of(golden.object("inputs").orElseThrow());
    Path file = folder.resolve("single.pte");
    Export.from(goldens.folder())
        .checked(false)
        .selfTests(false)
        .recipe("portable")
        .maxSequenceLength(24)
        .to(file);
    try (PteModule module = PteModule.load(file)) {
      assertThatThrownBy(() -> both.beams(module)).isInstanceOf(SconceException.class);
      assertThatThrownBy(() -> both.generate(module, 3)).isInstanceOf(SconceException.class);
      assertThat(both.only(0).beams(module)).hasSize(3);
    }
  }

  private PteModule export(Goldens goldens, Search search, String recipe) throws IOException {
    Path config = folder.resolve("generation_config.json");
    Files.writeString(config, "{\"pad_token_id\": %d}".formatted(search.pad()));
    Path file = folder.resolve("model.pte");
    Export.from(goldens.folder())
        .checked(false)
        .selfTests(false)
        .with(
            ExportOptions.defaults().toBuilder()
                .recipe(recipe)
                .batch(2)
                .beams(3)
                .maxSequenceLength(24)
                .maxSourceLength(24)
                .generationConfig(config)
                .build())
        .to(file);
    return PteModule.load(file);
  }

  private static long[][] rows(EValue value) {
    Tensor tensor = value.toTensor();
    long[] flat = tensor.toLongArray();
    int columns = (int) tensor.size(tensor.rank() - 1);
    return Stream.iterate(0, at -> at < flat.length, at -> at + columns)
        .map(at -> Arrays.copyOfRange(flat, at, at + columns))
        .toArray(long[][]::new);
  }

  private static long[][] array(List<long[]> rows) {
    return rows.toArray(long[][]::new);
  }

  /** A call of a program, as transformers' {@code generate} is called. */
  @SuppressWarnings("ArrayRecordComponent") // made and read in one place, never compared
  private record Search(
      long[][] ids, long[][] mask, long start, long pad, long[] end, int steps, float[] settings) {

    static Search of(JsonObject inputs) {
      float[] settings = new float[EmbeddedSetting.values().length];
      Arrays.fill(settings, Float.NaN);
      settings[EmbeddedSetting.NUM_BEAMS.index()] = 1;
      for (EmbeddedSetting setting : EmbeddedSetting.values()) {
        inputs
            .get(setting.jsonName())
            .ifPresent(value -> settings[setting.index()] = number(value));
      }
      int steps = Math.toIntExact(inputs.integer("max_new_tokens").orElseThrow());
      settings[EmbeddedSetting.MAX_LENGTH.index()] = 1f + steps;
      return new Search(
          array(Goldens.rows(inputs, "input_ids")),
          array(Goldens.rows(inputs, "attention_mask")),
          inputs.integer("decoder_start_token_id").orElseThrow(),
          inputs.integer("pad_token_id").orElseThrow(),
          Goldens.integers(inputs.array("eos_token_id").orElseThrow()),
          steps,
          settings);
    }

    private static float number(JsonValue value) {
      if (value instanceof JsonNumber number) {
        return (float) number.asDouble();
      }
      if (value instanceof JsonString) {
        return 2;
      }
      return value.toString().equals("true") ? 1 : 0;
    }

    /** Returns the search of one source, its padding cut off. */
    Search only(int row) {
      int length = (int) Arrays.stream(mask[row]).sum();
      return new Search(
          new long[][] {Arrays.copyOf(ids[row], length)},
          new long[][] {Arrays.copyOf(mask[row], length)},
          start,
          pad,
          end,
          steps,
          settings);
    }

    private long[][] starts() {
      long[][] starts = new long[ids.length][];
      Arrays.setAll(starts, _ -> new long[] {start});
      return starts;
    }

    EValue[] beams(PteModule module) {
      return module.execute(
          "generate_beam",
          matrix(ids),
          matrix(mask),
          matrix(starts()),
          vector(0),
          EValue.from(Tensor.of(settings)),
          vector(end),
          vector(steps));
    }

    /** Returns rows with their start, made by calls of some steps; sources are given once. */
    long[][] generate(PteModule module, int stepsOfCall) {
      long[][] made = starts();
      long[][] newest = starts();
      long position = 0;
      boolean done = false;
      List<long[]> nothing = new ArrayList<>(List.of(new long[] {0}));
      while (!done) {
        long[][] source = position == 0 ? ids : array(nothing);
        EValue[] out =
            module.execute(
                "generate",
                matrix(source),
                matrix(position == 0 ? mask : source),
                matrix(newest),
                vector(position),
                EValue.from(Tensor.of(settings)),
                vector(end),
                vector(7),
                vector(stepsOfCall));
        newest = rows(out[0]);
        for (int r = 0; r < made.length; r++) {
          long[] longer = Arrays.copyOf(made[r], made[r].length + newest[r].length);
          System.arraycopy(newest[r], 0, longer, made[r].length, newest[r].length);
          made[r] = longer;
        }
        position = out[3].toTensor().toLongArray()[0];
        done = Arrays.stream(out[1].toTensor().toLongArray()).allMatch(flag -> flag == 1);
      }
      return made;
    }

    private static EValue matrix(long[][] rows) {
      long[] flat = Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
      return EValue.from(Tensor.of(flat, rows.length, rows[0].length));
    }

    private static EValue vector(long... values) {
      return EValue.from(Tensor.of(values));
    }
  }
}
