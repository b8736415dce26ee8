import dev.sconce.base.SconceException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.LogitsRule;
import dev.sconce.generate.LogitsRules;
import dev.sconce.generate.TokenRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sconce's side of test_generation_rules.py, run from source: a line of input is an object with {@code config}, {@code ids}, {@code
 * prompt_length}, {@code encoder} and {@code scores} (bits of float32), a line of output the bits of the scores after the rules, or an error.
 */
public final class GenerationRules {

  private GenerationRules() {}

  public static void main(String[] args) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(answer((JsonObject) Json.parse("request", line)));
    }
    out.flush();
  }

  private static String answer(JsonObject request) {
    int[][] ids = rows(request.array("ids").orElseThrow());
    int[][] scores = rows(request.array("scores").orElseThrow());
    int length = (int) request.integer("prompt_length").orElseThrow();
    StringBuilder answer = new StringBuilder("[");
    try {
      GenerationConfig config = GenerationConfig.of(request.object("config").orElseThrow());
      List<LogitsRule> rules =
          LogitsRules.of(
              config, length, config.maxLength(length, 1 << 20), rows(request.array("encoder").orElseThrow()), List.of());
      for (int r = 0; r < ids.length; r++) {
        float[] row = new float[scores[r].length];
        for (int t = 0; t < row.length; t++) {
          row[t] = Float.intBitsToFloat(scores[r][t]);
        }
        for (LogitsRule rule : rules) {
          rule.apply(TokenRow.of(r, ids[r]), row);
        }
        for (int t = 0; t < row.length; t++) {
          answer.append(answer.length() == 1 ? "" : ",").append(Float.floatToIntBits(row[t]));
        }
      }
    } catch (SconceException e) {
      return JsonObject.builder().put("error", e.getMessage()).build().toString();
    }
    return answer.append("]").toString();
  }

  private static int[][] rows(JsonArray rows) {
    return rows.values().stream()
        .map(row -> ((JsonArray) row).values().stream().mapToInt(GenerationRules::integer).toArray())
        .toArray(int[][]::new);
  }

  private static int integer(JsonValue value) {
    return (int) ((JsonNumber) value).asLong().orElseThrow();
  }
}
