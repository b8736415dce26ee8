package dev.sconce.generate;

import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.generate.internal.rule.EncoderNoRepeatNgram;
import dev.sconce.generate.internal.rule.EncoderRepetitionPenalty;
import dev.sconce.generate.internal.rule.EpsilonCutoff;
import dev.sconce.generate.internal.rule.EtaCutoff;
import dev.sconce.generate.internal.rule.ExponentialDecayLengthPenalty;
import dev.sconce.generate.internal.rule.ForcedBos;
import dev.sconce.generate.internal.rule.ForcedEos;
import dev.sconce.generate.internal.rule.LogitNormalization;
import dev.sconce.generate.internal.rule.MinLength;
import dev.sconce.generate.internal.rule.MinP;
import dev.sconce.generate.internal.rule.NoRepeatNgram;
import dev.sconce.generate.internal.rule.RemoveInvalid;
import dev.sconce.generate.internal.rule.RepetitionPenalty;
import dev.sconce.generate.internal.rule.SequenceBias;
import dev.sconce.generate.internal.rule.SuppressTokens;
import dev.sconce.generate.internal.rule.SuppressTokensAtBegin;
import dev.sconce.generate.internal.rule.Temperature;
import dev.sconce.generate.internal.rule.TopH;
import dev.sconce.generate.internal.rule.TopK;
import dev.sconce.generate.internal.rule.TopP;
import dev.sconce.generate.internal.rule.Typical;
import dev.sconce.generate.internal.rule.WhisperTimestamps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Vectors made by transformers: rules, stops and whole searches. */
final class GenerationFixtures {

  private GenerationFixtures() {}

  static JsonObject object(Path file) throws IOException {
    return (JsonObject) Json.parse(file.toString(), Files.readString(file));
  }

  static List<String> ruleDifferences(Path folder) throws IOException {
    Safetensors arrays = Safetensors.read(folder.resolve("processors.safetensors"));
    List<String> differences = new ArrayList<>();
    int index = 0;
    for (JsonValue value :
        object(folder.resolve("processors.json")).array("vectors").orElseThrow()) {
      JsonObject vector = (JsonObject) value;
      int[][] ids = Safetensors.rows(vector.array("input_ids").orElseThrow());
      float[][] scores = arrays.matrix(vector.string("scores").orElseThrow());
      float[][] wanted = arrays.matrix(vector.string("result").orElseThrow());
      List<LogitsRule> rules = rules(vector, ids.length);
      int beams = 1;
      for (int r = 0; r < scores.length; r++) {
        TokenRow row = TokenRow.of(r / beams, ids[r]);
        for (LogitsRule rule : rules) {
          rule.apply(row, scores[r]);
        }
        String difference = difference(scores[r], wanted[r]);
        if (difference != null) {
          differences.add(
              index
                  + " "
                  + vector.string("processor").orElseThrow()
                  + " "
                  + vector
                      .get("params")
                      .orElse(vector.get("generation_config").orElse(JsonNull.NULL))
                  + " row "
                  + r
                  + " "
                  + difference);
        }
      }
      index++;
    }
    return differences;
  }

  private static String difference(float[] found, float[] wanted) {
    for (int i = 0; i < found.length; i++) {
      boolean same =
          Float.compare(found[i], wanted[i]) == 0
              || found[i] == wanted[i]
              || Math.abs(found[i] - wanted[i]) <= 1e-5 * Math.max(1, Math.abs(wanted[i]));
      if (!same) {
        return "token " + i + ": expected " + wanted[i] + ", found " + found[i];
      }
    }
    return null;
  }

  private static List<LogitsRule> rules(JsonObject vector, int rows) {
    String name = vector.string("processor").orElseThrow();
    if (name.equals("combination")) {
      JsonObject.Builder config = JsonObject.builder();
      vector.object("generation_config").orElseThrow().members().forEach(config::put);
      config.put("eos_token_id", vector.get("eos_token_id").orElseThrow());
      GenerationConfig parsed = GenerationConfig.of(config.build());
      int length = (int) vector.integer("prompt_length").orElseThrow();
      int[][] inputs =
          vector.array("encoder_input_ids").map(Safetensors::rows).orElse(new int[rows][0]);
      return LogitsRules.of(parsed, length, parsed.maxLength(length, 1 << 20), inputs, List.of());
    }
    JsonObject p = vector.object("params").orElse(JsonObject.builder().build());
    int kept = (int) p.integer("min_tokens_to_keep").orElse(1);
    int[] eos = tokens(p, "eos_token_id");
    int[][] inputs = p.array("encoder_input_ids").map(Safetensors::rows).orElse(new int[0][]);
    return List.of(
        switch (name) {
          case "RepetitionPenalty" ->
              new RepetitionPenalty(
                  number(p, "penalty"), (int) p.integer("prompt_ignore_length").orElse(0));
          case "EncoderRepetitionPenalty" ->
              new EncoderRepetitionPenalty(number(p, "penalty"), inputs);
          case "NoRepeatNGram" -> new NoRepeatNgram(integer(p, "ngram_size"));
          case "EncoderNoRepeatNGram" ->
              new EncoderNoRepeatNgram(integer(p, "encoder_ngram_size"), inputs);
          case "NoBadWords" ->
              SequenceBias.banning(
                  GenerationConfig.of(
                          JsonObject.builder()
                              .put("bad_words_ids", p.get("bad_words_ids").orElseThrow())
                              .build())
                      .badWords(),
                  Arrays.stream(eos).boxed().toList());
          case "SequenceBias" ->
              new SequenceBias(
                  GenerationConfig.of(
                          JsonObject.builder()
                              .put("sequence_bias", p.get("sequence_bias").orElseThrow())
                              .build())
                      .sequenceBias());
          case "MinLength" -> new MinLength(integer(p, "min_length"), eos);
          case "MinNewTokens" ->
              new MinLength(integer(p, "prompt_length") + integer(p, "min_new_tokens"), eos);
          case "ForcedBOS" -> new ForcedBos(integer(p, "bos_token_id"));
          case "ForcedEOS" -> new ForcedEos(integer(p, "max_length"), eos);
          case "InfNanRemove" -> new RemoveInvalid();
          case "ExponentialDecayLengthPenalty" ->
              new ExponentialDecayLengthPenalty(
                  integer(p, "start") + integer(p, "prompt_length"), number(p, "factor"), eos);
          case "SuppressTokens" -> new SuppressTokens(tokens(p, "suppress_tokens"));
          case "SuppressTokensAtBegin" ->
              new SuppressTokensAtBegin(
                  tokens(p, "begin_suppress_tokens"), integer(p, "begin_index"));
          case "Temperature" -> new Temperature((float) number(p, "temperature"));
          case "TopK" -> new TopK(Math.max(integer(p, "top_k"), kept));
          case "TopP" -> new TopP(number(p, "top_p"), kept);
          case "MinP" -> new MinP(number(p, "min_p"), kept);
          case "Typical" -> new Typical(number(p, "typical_p"), kept);
          case "EpsilonCutoff" -> new EpsilonCutoff(number(p, "epsilon"), kept);
          case "EtaCutoff" -> new EtaCutoff(number(p, "eta"), kept);
          case "TopH" -> new TopH(number(p, "top_h"));
          case "LogitNormalization" -> new LogitNormalization();
          case "WhisperTimeStamp" ->
              new WhisperTimestamps(
                  integer(p, "begin_index"),
                  integer(p, "no_timestamps_token_id"),
                  integer(p, "eos_token_id"),
                  (int) p.integer("max_initial_timestamp_index").orElse(-1),
                  p.bool("detect_timestamp_from_logprob").orElseThrow());
          default -> throw new AssertionError("unknown rule " + name);
        });
  }

  private static double number(JsonObject object, String name) {
    return object.number(name).orElseThrow();
  }

  private static int integer(JsonObject object, String name) {
    return (int) object.integer(name).orElseThrow();
  }

  private static int[] tokens(JsonObject object, String name) {
    return switch (object.get(name).orElse(JsonNull.NULL)) {
      case JsonArray list -> Safetensors.ints(list);
      case JsonNumber one -> new int[] {(int) one.asDouble()};
      default -> new int[0];
    };
  }

  static List<String> searchDifferences(Path folder) throws IOException {
    Safetensors arrays = Safetensors.read(folder.resolve("search.safetensors"));
    List<String> differences = new ArrayList<>();
    int index = 0;
    for (JsonValue value : object(folder.resolve("search.json")).array("vectors").orElseThrow()) {
      JsonObject vector = (JsonObject) value;
      JsonObject model = vector.object("model").orElseThrow();
      TableModel table =
          new TableModel(
              arrays.matrix(model.string("A").orElseThrow()),
              arrays.matrix(model.string("B").orElseThrow()));
      GenerationConfig config =
          GenerationConfig.of(vector.object("generation_config").orElseThrow());
      int[][] prompts = Safetensors.rows(vector.array("input_ids").orElseThrow());
      Search search = Search.over(table, config);
      List<GeneratedSequence> found = search.run(prompts);
      int[][] wanted = Safetensors.rows(vector.array("sequences").orElseThrow());
      if (!Arrays.deepEquals(search.rows(prompts, found), wanted)) {
        differences.add(
            index
                + " "
                + config
                + "\n expected "
                + Arrays.deepToString(wanted)
                + "\n found    "
                + Arrays.deepToString(search.rows(prompts, found)));
      }
      if (vector.array("sequences_scores").isPresent()) {
        JsonArray scores = vector.array("sequences_scores").get();
        for (int i = 0; i < scores.size(); i++) {
          double want = ((JsonNumber) scores.get(i)).asDouble();
          if (Math.abs(found.get(i).score() - want) > 1e-4) {
            differences.add(index + " score " + i + ": " + want + " / " + found.get(i).score());
          }
        }
      }
      index++;
    }
    return differences;
  }

  static List<String> stopDifferences(Path folder) throws IOException {
    List<String> differences = new ArrayList<>();
    int index = 0;
    for (JsonValue value : object(folder.resolve("stopping.json")).array("vectors").orElseThrow()) {
      JsonObject vector = (JsonObject) value;
      JsonObject p = vector.object("params").orElseThrow();
      int[][] ids = Safetensors.rows(vector.array("input_ids").orElseThrow());
      StopRule rule =
          switch (vector.string("criterion").orElseThrow()) {
            case "MaxLength" -> StopRules.maxLength(integer(p, "max_length"));
            case "EosToken" -> StopRules.endTokens(tokens(p, "eos_token_id"));
            default ->
                StopRules.stopStrings(
                    p.array("stop_strings").orElseThrow().values().stream()
                        .map(text -> ((dev.sconce.base.json.JsonString) text).value())
                        .toList(),
                    TokenTexts.read(folder.resolve(vector.string("tokenizer").orElseThrow())));
          };
      String found;
      String wanted;
      if (vector.array("result").isPresent()) {
        wanted = vector.array("result").get().toString();
        found =
            Arrays.stream(ids)
                .map(row -> rule.stops(TokenRow.of(0, row)))
                .toList()
                .toString()
                .replace(" ", "");
      } else {
        wanted = vector.array("result_per_prefix").orElseThrow().toString();
        List<Integer> prefixes = new ArrayList<>();
        for (int n = 1; n <= ids[0].length; n++) {
          if (rule.stops(TokenRow.of(0, Arrays.copyOf(ids[0], n)))) {
            prefixes.add(n);
          }
        }
        found = prefixes.toString().replace(" ", "");
      }
      if (!found.equals(wanted)) {
        differences.add(index + " " + p + ": expected " + wanted + ", found " + found);
      }
      index++;
    }
    return differences;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
