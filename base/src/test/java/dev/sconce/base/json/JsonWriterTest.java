package dev.sconce.base.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

  @Test
  void keepsTheOrderOfKeys() {
    JsonObject object =
        JsonObject.builder().put("z", 1).put("a", "x").put("m", true).put("f", 0.5).build();
    assertThat(JsonWriter.compact(object)).isEqualTo("{\"z\":1,\"a\":\"x\",\"m\":true,\"f\":0.5}");
  }

  @Test
  void indentsByTwoSpaces() {
    JsonValue value = Json.parse("x", "{\"a\":[1,{\"b\":null}],\"c\":{},\"d\":[]}");
    assertThat(JsonWriter.pretty(value))
        .isEqualTo(
            """
            {
              "a": [
                1,
                {
                  "b": null
                }
              ],
              "c": {},
              "d": []
            }""");
  }

  @Test
  void escapesWhatMustBeEscapedAndNothingElse() {
    assertThat(
            JsonWriter.compact(new JsonString("\"\\/\b\f\n\r\t\u0001\u007fé𝄞\uD800\uDC00\uD800")))
        .isEqualTo("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007fé𝄞\uD800\uDC00\\ud800\"");
  }

  @Test
  void whatIsWrittenIsReadBackEqual() {
    for (int seed = 0; seed < 2_000; seed++) {
      JsonValue value = randomValue(new Random(seed), 5);
      assertThat(Json.parse("x", JsonWriter.compact(value))).as("seed %d", seed).isEqualTo(value);
      assertThat(Json.parse("x", JsonWriter.pretty(value))).as("seed %d", seed).isEqualTo(value);
      assertThat(JsonWriter.compact(Json.parse("x", JsonWriter.pretty(value))))
          .as("seed %d: the order of keys", seed)
          .isEqualTo(JsonWriter.compact(value))
          .isEqualTo(value.toString());
    }
  }

  private static JsonValue randomValue(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> JsonNull.NULL;
      case 1 -> JsonBool.of(random.nextBoolean());
      case 2 -> JsonNumber.of(random.nextLong() >> random.nextInt(64));
      case 3 -> JsonNumber.of(Math.scalb(random.nextGaussian(), random.nextInt(-1000, 1000)));
      case 4, 5 -> new JsonString(randomText(random));
      case 6 -> {
        List<JsonValue> values = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          values.add(randomValue(random, depth - 1));
        }
        yield new JsonArray(values);
      }
      default -> {
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          members.put(randomText(random), randomValue(random, depth - 1));
        }
        yield JsonObject.of(members);
      }
    };
  }

  /** Any UTF-16 units, lone surrogates and control characters included. */
  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      switch (random.nextInt(5)) {
        case 0 -> text.append((char) random.nextInt(0x80));
        case 1 -> text.append((char) random.nextInt(0x10000));
        case 2 -> text.appendCodePoint(random.nextInt(0x10000, 0x110000));
        case 3 -> text.append((char) random.nextInt(0xD800, 0xE000));
        default -> text.append("\"\\/\b\f\n\r\t".charAt(random.nextInt(8)));
      }
    }
    return text.toString();
  }
}
