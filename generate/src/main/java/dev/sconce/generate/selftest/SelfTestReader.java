package dev.sconce.generate.selftest;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.runtime.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;

/** Reads self-tests from JSON, which may be anybody's: every key is checked. */
final class SelfTestReader {

  /** An image of 4096 × 4096; patterns are made at run time, so their size is not the file's. */
  private static final long MAX_PATTERN = 3L << 24;

  private static final int SHA256_DIGITS = 64;

  private final String file;

  private SelfTestReader(String file) {
    this.file = file;
  }

  static SelfTests read(String file, byte[] json) {
    return new SelfTestReader(file)
        .tests(Json.parseObject(file, new String(json, StandardCharsets.UTF_8)));
  }

  private SelfTests tests(JsonObject json) {
    long version = number("version", json.integer("version"));
    if (version != SelfTests.VERSION) {
      throw malformed("version", "" + SelfTests.VERSION, "" + version);
    }
    JsonObject tolerance = require("tolerance", "an object", json.object("tolerance"));
    Set<String> names = new HashSet<>();
    List<SelfTest> tests = list("tests", json.array("tests"), this::test);
    for (SelfTest test : tests) {
      if (!names.add(test.name())) {
        throw malformed("tests", "names that differ", "two tests \"" + test.name() + "\"");
      }
    }
    return new SelfTests(
        new SelfTests.Tolerance(
            text("tolerance.scheme", tolerance.string("scheme")),
            real("tolerance.relative", tolerance.number("relative")),
            real("tolerance.absolute", tolerance.number("absolute"))),
        tests);
  }

  private SelfTest test(String path, JsonValue value) {
    JsonObject json = object(path, value);
    String name = text(path + ".name", json.string("name"));
    String kind = text(path + ".kind", json.string("kind"));
    return switch (kind) {
      case "content" -> new SelfTest.Content(name, part(path, json), hash(path, json));
      case "tokens" ->
          new SelfTest.Tokens(
              name,
              text(path + ".text", json.string("text")),
              list(path + ".ids", json.array("ids"), this::token),
              text(path + ".decoded", json.string("decoded")));
      case "settings" ->
          new SelfTest.Settings(name, text(path + ".settings", json.string("settings")));
      case "calls" ->
          new SelfTest.Calls(name, list(path + ".calls", json.array("calls"), this::call));
      default -> throw malformed(path + ".kind", "content, tokens, settings or calls", kind);
    };
  }

  private String hash(String path, JsonObject json) {
    String hash = text(path + ".sha256", json.string("sha256"));
    if (hash.length() != SHA256_DIGITS) {
      throw malformed(path + ".sha256", SHA256_DIGITS + " digits", hash);
    }
    return hash;
  }

  private Part part(String path, JsonObject json) {
    String part = text(path + ".part", json.string("part"));
    return switch (part) {
      case "table" -> new Part.Table();
      case "constant" ->
          new Part.Constant(index(path + ".constant", json.integer("constant"), Integer.MAX_VALUE));
      case "segment" ->
          new Part.Segment(index(path + ".segment", json.integer("segment"), Integer.MAX_VALUE));
      case "blob" -> new Part.Blob(text(path + ".method", json.string("method")));
      default -> throw malformed(path + ".part", "table, constant, segment or blob", part);
    };
  }

  private Call call(String path, JsonValue value) {
    JsonObject json = object(path, value);
    int self = Integer.parseInt(path.substring(path.lastIndexOf('[') + 1, path.length() - 1));
    return new Call(
        text(path + ".method", json.string("method")),
        list(path + ".inputs", json.array("inputs"), (at, input) -> input(at, input, self)),
        list(path + ".expected", json.array("expected"), this::expected));
  }

  private Call.Input input(String path, JsonValue value, int calls) {
    JsonObject json = object(path, value);
    if (json.has("pattern")) {
      List<Long> shape = shape(path + ".pattern", json.array("pattern"));
      checkElements(path + ".pattern", shape, MAX_PATTERN);
      return new Call.Input.Pattern(shape);
    }
    if (json.has("call")) {
      return new Call.Input.Returned(
          index(path + ".call", json.integer("call"), calls),
          index(path + ".output", json.integer("output"), Integer.MAX_VALUE));
    }
    return new Call.Input.Given(tensor(path, json));
  }

  private Call.Expectation expected(String path, JsonValue value) {
    JsonObject json = object(path, value);
    if (!json.has("near")) {
      return new Call.Expectation.Exactly(tensor(path, json));
    }
    List<Long> shape = shape(path + ".shape", json.array("shape"));
    long elements = checkElements(path + ".shape", shape, Long.MAX_VALUE);
    List<Long> indices =
        list(path + ".at", json.array("at"), (at, n) -> count(at, integer(n), elements));
    List<Float> values = list(path + ".near", json.array("near"), this::real);
    if (indices.size() != values.size()) {
      throw malformed(path + ".near", indices.size() + " numbers", "" + values.size());
    }
    List<Call.Expectation.Entry> entries = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      entries.add(new Call.Expectation.Entry(indices.get(i), values.get(i)));
    }
    double tolerance = real(path + ".tolerance", json.number("tolerance"));
    return new Call.Expectation.Near(shape, entries, tolerance);
  }

  private Tensor tensor(String path, JsonObject json) {
    JsonArray data = require(path + ".data", "an array", json.array("data"));
    List<Long> sizes = shape(path + ".shape", json.array("shape"));
    long[] shape = sizes.stream().mapToLong(size -> size).toArray();
    long elements = checkElements(path + ".shape", sizes, Integer.MAX_VALUE);
    if (elements != data.size()) {
      throw malformed(path + ".data", elements + " elements", "" + data.size());
    }
    String dtype = text(path + ".dtype", json.string("dtype"));
    return switch (dtype) {
      case "int64" -> Tensor.of(longs(path, data), shape);
      case "float32" -> Tensor.of(floats(path, data), shape);
      case "bool" -> {
        long[] values = longs(path, data);
        boolean[] flags = new boolean[values.length];
        for (int i = 0; i < flags.length; i++) {
          flags[i] = values[i] != 0;
        }
        yield Tensor.of(flags, shape);
      }
      default -> throw malformed(path + ".dtype", "int64, float32 or bool", dtype);
    };
  }

  private long[] longs(String path, JsonArray data) {
    long[] values = new long[data.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = number(path + ".data[" + i + "]", integer(data.get(i)));
    }
    return values;
  }

  private float[] floats(String path, JsonArray data) {
    float[] values = new float[data.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          data.get(i) == JsonNull.NULL ? Float.NaN : real(path + ".data[" + i + "]", data.get(i));
    }
    return values;
  }

  private List<Long> shape(String path, Optional<JsonArray> array) {
    return list(path, array, (at, value) -> count(at, integer(value), Long.MAX_VALUE));
  }

  private long checkElements(String path, List<Long> shape, long most) {
    long elements = 1;
    for (long size : shape) {
      if (size != 0 && elements > most / size) {
        throw malformed(path, "at most " + most + " elements", shape.toString());
      }
      elements *= size;
    }
    return elements;
  }

  private <T> List<T> list(
      String path, Optional<JsonArray> array, BiFunction<String, JsonValue, T> element) {
    List<T> list = new ArrayList<>();
    for (JsonValue value : require(path, "an array", array)) {
      list.add(element.apply(path + "[" + list.size() + "]", value));
    }
    return list;
  }

  private int token(String path, JsonValue value) {
    return index(path, integer(value), Integer.MAX_VALUE);
  }

  private static OptionalLong integer(JsonValue value) {
    return value instanceof JsonNumber number ? number.asLong() : OptionalLong.empty();
  }

  private float real(String path, JsonValue value) {
    if (value instanceof JsonNumber number) {
      return Float.parseFloat(number.literal());
    }
    throw malformed(path, "a number", value.toString());
  }

  private double real(String path, OptionalDouble value) {
    return value.orElseThrow(() -> malformed(path, "a number", "none"));
  }

  private long number(String path, OptionalLong value) {
    return value.orElseThrow(() -> malformed(path, "an integer", "none"));
  }

  /** An integer from 0 on, below a bound. */
  private long count(String path, OptionalLong value, long bound) {
    long number = number(path, value);
    if (number < 0 || number >= bound) {
      throw malformed(path, "0 to " + (bound - 1), "" + number);
    }
    return number;
  }

  private int index(String path, OptionalLong value, int bound) {
    return (int) count(path, value, bound);
  }

  private String text(String path, Optional<String> value) {
    return require(path, "a string", value);
  }

  private JsonObject object(String path, JsonValue value) {
    if (value instanceof JsonObject object) {
      return object;
    }
    String found = value instanceof JsonString ? "a string" : value.toString();
    throw malformed(path, "an object", found);
  }

  private <T> T require(String path, String expected, Optional<T> value) {
    return value.orElseThrow(() -> malformed(path, expected, "none"));
  }

  private MalformedFileException malformed(String path, String expected, String found) {
    return new MalformedFileException(file, -1, path, expected, found);
  }
}
