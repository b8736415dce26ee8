package dev.sconce.base.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sconce.base.MalformedFileException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

  private static JsonValue parse(String text) {
    return Json.parse("test.json", text);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static MalformedFileException malformed(ThrowingCallable action) {
    MalformedFileException e = catchThrowableOfType(MalformedFileException.class, action);
    assertThat(e).as("a MalformedFileException").isNotNull();
    return e;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1",
        "-1",
        "10",
        "1.5",
        "-0.0",
        "1e5",
        "1E+5",
        "1e-5",
        "0e0",
        "1.25e10",
        "\"\"",
        "\"a\"",
        "[]",
        "{}",
        "[[]]",
        "[1,2]",
        "{\"a\":1}",
        " [ 1 , 2 ] ",
        "\t\r\n null \n",
        "{\"\":{\"\":[]}}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0041\\uD834\\uDD1E\\u00e9\\uABCD\"",
        "\"\\ud800\"",
        "\"\u007f\"",
        "\"\u2028\"",
        "\"é𝄞\"",
        "{\"a\":1,\"a\":2}",
        "[1e400]",
        "[-1e-400]",
        "\"\\u0000\"",
        "\"\uFFFD\"",
        "\"\uFEFF\""
      })
  void acceptsWhatTheGrammarAllows(String text) {
    parse(text);
    JsonReader reader =
        JsonReader.of("x", text.getBytes(StandardCharsets.UTF_8), JsonLimits.defaults());
    reader.skipValue();
    reader.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nul",
        "nulll",
        "True",
        "NULL",
        "truefalse",
        "+1",
        "01",
        "-01",
        "00",
        "-",
        ".5",
        "1.",
        "1.e5",
        "1e",
        "1e+",
        "1e1.5",
        "0x10",
        "1_000",
        "--1",
        "1 2",
        "NaN",
        "Infinity",
        "-Infinity",
        "nan",
        "inf",
        "'a'",
        "\"",
        "\"a",
        "a",
        "\"\\\"",
        "\"\\x41\"",
        "\"\\u004\"",
        "\"\\u004g\"",
        "\"\\u\"",
        "\"\\U0041\"",
        "\"\\a\"",
        "\"\\",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"a\u0000b\"",
        "\"\\\n\"",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[,]",
        "[1,,2]",
        "[1 2]",
        "[1}",
        "[\"a\":1]",
        "{",
        "}",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,}",
        "{\"a\"}",
        "{\"a\" 1}",
        "{\"a\"::1}",
        "{a:1}",
        "{1:1}",
        "{'a':1}",
        "{null:1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1]",
        "[] []",
        "{}}",
        "[1]x",
        "// c\n1",
        "/* c */ 1",
        "[1,// c\n2]",
        "\u00a01",
        "\u000b1",
        "\u000c1",
        "\uFEFF1",
        "1\u0000",
        "\u0000"
      })
  void rejectsEverythingElse(String text) {
    malformed(() -> parse(text));
    malformed(
        () -> {
          JsonReader reader =
              JsonReader.of("x", text.getBytes(StandardCharsets.UTF_8), JsonLimits.defaults());
          reader.skipValue();
          reader.end();
        });
  }

  @Test
  void rejectsBytesThatAreNotUtf8() {
    int[][] sequences = {
      {0x80}, // a continuation without a start
      {0xC3}, // a start without its continuation
      {0xC0, 0x80}, // an overlong NUL
      {0xE0, 0x80, 0x80}, // overlong
      {0xED, 0xA0, 0x80}, // a surrogate
      {0xF4, 0x90, 0x80, 0x80}, // beyond U+10FFFF
      {0xF8, 0x88, 0x80, 0x80, 0x80}, // five bytes
      {0xFF},
      {0xFE},
    };
    for (int[] sequence : sequences) {
      for (String prefix : new String[] {"", "ab", "\\n", "é", "\uFFFD"}) {
        byte[] head = ("\"" + prefix).getBytes(StandardCharsets.UTF_8);
        byte[] document = new byte[head.length + sequence.length + 1];
        System.arraycopy(head, 0, document, 0, head.length);
        System.arraycopy(bytes(sequence), 0, document, head.length, sequence.length);
        document[document.length - 1] = '"';
        MalformedFileException e =
            malformed(() -> Json.parse("x", document, JsonLimits.defaults()));
        assertThat(e.expected()).isEqualTo("a string in UTF-8");
        assertThat(e.offset()).isEqualTo(head.length);
      }
    }
  }

  @Test
  void resolvesEscapes() {
    assertThat(parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\tA\\u0042é\\uD834\\uDD1E\\ud800x\""))
        .isEqualTo(new JsonString("\"\\/\b\f\n\r\tABé𝄞\uD800x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": 1,\\n  \"b\": x}  | 16 | line 2:8  | a JSON value          | 'x'",
        "[1,\\n2,\\n\\n  3 4]      | 12 | line 4:5  | ',' or ']'            | '4'",
        "{\"é\": tru}              | 7  | line 1:7  | true                  | 't'",
        "[\"é𝄞\", ]               | 11 | line 1:8  | another element after ',' | ']'",
        "[\"abc                    | 5  | line 1:6  | a closing quote of the string | the end of the file",
        "[1.x]                     | 3  | line 1:4  | a digit               | 'x'",
        "{\"a\" 1}                 | 5  | line 1:6  | ':'                   | '1'",
        "[1] 2                     | 4  | line 1:5  | the end of the document | '2'",
      })
  void saysWhereTheTroubleIs(
      String text, long offset, String place, String expected, String found) {
    MalformedFileException e = malformed(() -> parse(text.replace("\\n", "\n")));
    assertThat(e.file()).isEqualTo("test.json");
    assertThat(e.offset()).isEqualTo(offset);
    assertThat(e.path()).isEqualTo(place);
    assertThat(e.expected()).isEqualTo(expected);
    assertThat(e.found()).isEqualTo(found);
  }

  @Test
  void integersOfAnySizeStayExact() {
    String big = "1000000000000000019884624838656";
    JsonNumber number = (JsonNumber) parse(big);
    assertThat(number.asBigInteger()).contains(new BigInteger(big));
    assertThat(number.asLong()).isEmpty();
    assertThat(number.asDouble()).isEqualTo(1e30);
    assertThat(((JsonNumber) parse("9223372036854775807")).asLong()).hasValue(Long.MAX_VALUE);
    assertThat(((JsonNumber) parse("-9223372036854775808")).asLong()).hasValue(Long.MIN_VALUE);
    assertThat(((JsonNumber) parse("9223372036854775808")).asLong()).isEmpty();
    assertThat(((JsonNumber) parse("1.0")).asLong()).isEmpty();
    assertThat(((JsonNumber) parse("0.1")).asBigDecimal()).isEqualTo("0.1");
    MalformedFileException e =
        malformed(
            () ->
                JsonReader.of("x", "  1e3".getBytes(StandardCharsets.UTF_8), JsonLimits.defaults())
                    .nextLong());
    assertThat(e.offset()).isEqualTo(2);
    assertThat(e.found()).isEqualTo("1e3");
  }

  @Test
  void numbersAreSpelledInJsonsGrammar() {
    for (String text : new String[] {"", "1 ", " 1", "01", "1e", "x", "1,", "é", "0x1"}) {
      assertThatThrownBy(() -> new JsonNumber(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> JsonNumber.of(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(JsonNumber.of(1e300).asDouble()).isEqualTo(1e300);
  }

  @Test
  void nonFiniteNumbersPassOnRequestOnly() {
    JsonLimits lenient = JsonLimits.defaults().acceptingNonFinite();
    byte[] document = "[NaN, Infinity,-Infinity, 1]".getBytes(StandardCharsets.UTF_8);
    JsonArray array = (JsonArray) Json.parse("x", document, lenient);
    assertThat(array.values().stream().map(v -> ((JsonNumber) v).asDouble()))
        .containsExactly(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.0);
    assertThat(array.values().stream().map(v -> ((JsonNumber) v).isFinite()))
        .containsExactly(false, false, false, true);
    assertThat(((JsonNumber) array.get(1)).asBigInteger()).isEmpty();
    assertThat(((JsonNumber) array.get(1)).asLong()).isEmpty();
    malformed(() -> Json.parse("x", document, JsonLimits.defaults()));
    for (String text : new String[] {"-NaN", "Nan", "Infinit", "-I", "Infinityx", "nan"}) {
      malformed(() -> Json.parse("x", text.getBytes(StandardCharsets.UTF_8), lenient));
    }
  }

  @Test
  void theLastOfTwoEqualKeysCountsUnlessTheyAreRejected() {
    String text = "{\"a\": 1, \"b\": 2, \"\\u0061\": 3}";
    JsonObject object = Json.parseObject("x", text);
    assertThat(object.members().keySet()).containsExactly("a", "b");
    assertThat(object.integer("a")).hasValue(3);
    MalformedFileException e =
        malformed(
            () ->
                Json.parse(
                    "x",
                    text.getBytes(StandardCharsets.UTF_8),
                    JsonLimits.defaults().rejectingDuplicateKeys()));
    assertThat(e.path()).isEqualTo("line 1:18");
    assertThat(e.found()).contains("'a'");
  }

  @Test
  void limitsAreKeptExactly() {
    JsonLimits limits = new JsonLimits(3, 5, 4, 6, false, false);
    parse("[[[1]]]", limits);
    assertThat(malformed(() -> parse("[[[[]]]]", limits)).offset()).isEqualTo(3);
    assertThat(malformed(() -> parse("{\"a\":[{\"b\":{}}]}", limits)).expected())
        .isEqualTo("at most 3 levels of nesting");
    parse("\"12345\"", limits);
    malformed(() -> parse("\"123456\"", limits));
    malformed(() -> parse("\"1234\\n\"", limits));
    malformed(() -> parse("{\"123456\":1}", limits));
    parse("1234", limits);
    malformed(() -> parse("12345", limits));
    parse("[1,2,3,4,5]", limits);
    assertThat(malformed(() -> parse("[1,2,3,4,5,6]", limits)).expected())
        .isEqualTo("at most 6 values");
    assertThatThrownBy(() -> limits.withMaxDepth(JsonLimits.DEEPEST + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static JsonValue parse(String text, JsonLimits limits) {
    return Json.parse("x", text.getBytes(StandardCharsets.UTF_8), limits);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
  void bottomlessNestingIsAnErrorNotAStackOverflow(String level) {
    String text = level.repeat(200_000);
    malformed(() -> parse(text));
    malformed(
        () ->
            JsonReader.of("x", text.getBytes(StandardCharsets.UTF_8), JsonLimits.defaults())
                .skipValue());
  }

  @Test
  void theDeepestNestingAllowedFitsASmallStack() throws InterruptedException {
    int depth = JsonLimits.DEEPEST;
    String text = "[".repeat(depth) + "]".repeat(depth);
    JsonLimits limits = JsonLimits.defaults().withMaxDepth(depth);
    String[] result = new String[1];
    Thread small =
        new Thread(
            null,
            () -> {
              try {
                result[0] = JsonWriter.compact(parse(text, limits));
              } catch (StackOverflowError e) {
                result[0] = e.toString();
              }
            },
            "small stack",
            512 * 1024);
    small.start();
    small.join();
    assertThat(result[0]).isEqualTo(text);
  }

  @Test
  void pullsValuesOneByOne() {
    String text =
        """
        {"name": "a", "skipped": [{"x": [1, "}"]}, null], "ids": [1, 2, 3], "on": true,
         "none": null, "ratio": 0.5, "tree": {"k": [false]}, "empty": {}}""";
    JsonReader reader =
        JsonReader.of("x", text.getBytes(StandardCharsets.UTF_8), JsonLimits.defaults());
    StringBuilder seen = new StringBuilder();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      switch (name) {
        case "name" -> seen.append(reader.nextString());
        case "ids" -> {
          reader.beginArray();
          while (reader.hasNext()) {
            seen.append(' ').append(reader.nextLong());
          }
        }
        case "on" -> seen.append(' ').append(reader.nextBoolean());
        case "none" -> {
          assertThat(reader.peek()).isEqualTo(JsonReader.Token.NULL);
          reader.nextNull();
        }
        case "ratio" -> seen.append(' ').append(reader.nextDouble());
        case "tree" -> seen.append(' ').append(reader.nextValue());
        default -> reader.skipValue();
      }
    }
    reader.end();
    assertThat(seen.toString()).isEqualTo("a 1 2 3 true 0.5 {\"k\":[false]}");
  }

  @Test
  void asksForTheWrongKindAreErrorsOfTheDocument() {
    assertThat(malformed(() -> reader("[1]").beginObject()).expected()).isEqualTo("an object");
    assertThat(malformed(() -> reader("{}").beginArray()).found()).isEqualTo("'{'");
    assertThat(malformed(() -> reader("1").nextString()).expected()).isEqualTo("a string");
    assertThat(malformed(() -> reader("\"1\"").nextNumber()).expected()).isEqualTo("a number");
    assertThat(malformed(() -> reader("1").nextBoolean()).expected()).isEqualTo("a boolean");
    assertThat(malformed(() -> reader("1").nextNull()).expected()).isEqualTo("null");
    assertThatThrownBy(() -> reader("1").hasNext()).isInstanceOf(IllegalStateException.class);
  }

  private static JsonReader reader(String text) {
    return JsonReader.of("x", text.getBytes(StandardCharsets.UTF_8), JsonLimits.defaults());
  }

  @Test
  void objectsAnswerTypedQuestions() {
    JsonObject object =
        Json.parseObject(
            "x", "{\"s\":\"t\",\"i\":7,\"d\":1.5,\"b\":true,\"o\":{},\"a\":[1],\"n\":null}");
    assertThat(object.string("s")).contains("t");
    assertThat(object.string("i")).isEmpty();
    assertThat(object.integer("i")).hasValue(7);
    assertThat(object.integer("d")).isEmpty();
    assertThat(object.number("d")).hasValue(1.5);
    assertThat(object.number("i")).hasValue(7.0);
    assertThat(object.bool("b")).contains(true);
    assertThat(object.object("o")).contains(JsonObject.builder().build());
    assertThat(object.array("a").orElseThrow().size()).isEqualTo(1);
    assertThat(object.has("n")).isTrue();
    assertThat(object.string("n")).isEmpty();
    assertThat(object.get("n")).contains(JsonNull.NULL);
    assertThat(object.get("missing")).isEmpty();
    assertThatThrownBy(() -> object.members().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(malformed(() -> Json.parseObject("x", "[]")).found()).isEqualTo("a JSON array");
  }

  @Test
  void readsFiles(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("config.json"), "{\"a\": [1, x]}");
    MalformedFileException e = malformed(() -> Json.readObject(file));
    assertThat(e.file()).isEqualTo(file.toString());
    Files.writeString(file, "{\"a\": 1}");
    assertThat(Json.readObject(file).integer("a")).hasValue(1);
    JsonReader reader = Json.reader(file, JsonLimits.defaults());
    reader.skipValue();
    reader.end();
  }

  @Test
  void mutatedDocumentsGiveValuesOrTypedErrors() {
    byte[] original =
        """
        {"model": {"type": "BPE", "vocab": {"Ġa": 0, "\\u0120b": 1, "é𝄞": 2}},
         "merges": [["a", "b"], "c d"], "x": [-1.5e-3, 0, null, true, false, {}, []]}"""
            .getBytes(StandardCharsets.UTF_8);
    Json.parse("x", original, JsonLimits.defaults());
    byte[] salt = "{}[]\",:\\u0e-.1tfn\u0000\u00ff \n".getBytes(StandardCharsets.ISO_8859_1);
    int accepted = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] mutated = original.clone();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        mutated[random.nextInt(mutated.length)] = salt[random.nextInt(salt.length)];
      }
      byte[] document = Arrays.copyOf(mutated, random.nextInt(mutated.length) + 1);
      byte[] subject = random.nextBoolean() ? mutated : document;
      try {
        Json.parse("x", subject, JsonLimits.defaults());
        accepted++;
      } catch (MalformedFileException e) {
        assertThat(e.offset()).as("seed %d", seed).isBetween(0L, (long) subject.length);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(accepted).isBetween(100, 19_000);
  }
}
