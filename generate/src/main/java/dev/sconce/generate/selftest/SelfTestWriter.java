package dev.sconce.generate.selftest;

import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.base.json.JsonWriter;
import dev.sconce.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Turns self-tests into JSON; the counterpart of {@link SelfTestReader}. */
final class SelfTestWriter {

  private SelfTestWriter() {}

  static String write(SelfTests tests) {
    SelfTests.Tolerance tolerance = tests.tolerance();
    return JsonWriter.compact(
        JsonObject.builder()
            .put("version", SelfTests.VERSION)
            .put(
                "tolerance",
                JsonObject.builder()
                    .put("scheme", tolerance.scheme())
                    .put("relative", tolerance.relative())
                    .put("absolute", tolerance.absolute())
                    .build())
            .put("tests", array(tests.tests().stream().map(SelfTestWriter::test).toList()))
            .build());
  }

  private static JsonValue test(SelfTest test) {
    JsonObject.Builder json = JsonObject.builder().put("name", test.name());
    return switch (test) {
      case SelfTest.Content content -> {
        json.put("kind", "content");
        switch (content.part()) {
          case Part.Table _ -> json.put("part", "table");
          case Part.Constant(int index) -> json.put("part", "constant").put("constant", index);
          case Part.Segment(int index) -> json.put("part", "segment").put("segment", index);
          case Part.Blob(String method) -> json.put("part", "blob").put("method", method);
        }
        yield json.put("sha256", content.sha256()).build();
      }
      case SelfTest.Tokens tokens ->
          json.put("kind", "tokens")
              .put("text", tokens.text())
              .put("ids", array(tokens.ids().stream().map(id -> JsonNumber.of(id)).toList()))
              .put("decoded", tokens.decoded())
              .build();
      case SelfTest.Settings settings ->
          json.put("kind", "settings").put("settings", settings.settings()).build();
      case SelfTest.Calls calls ->
          json.put("kind", "calls")
              .put("calls", array(calls.calls().stream().map(SelfTestWriter::call).toList()))
              .build();
    };
  }

  private static JsonValue call(Call call) {
    return JsonObject.builder()
        .put("method", call.method())
        .put("inputs", array(call.inputs().stream().map(SelfTestWriter::input).toList()))
        .put("expected", array(call.expected().stream().map(SelfTestWriter::expected).toList()))
        .build();
  }

  private static JsonValue input(Call.Input input) {
    return switch (input) {
      case Call.Input.Given(Tensor tensor) -> tensor(tensor);
      case Call.Input.Pattern(List<Long> shape) ->
          JsonObject.builder().put("pattern", longs(shape)).build();
      case Call.Input.Returned(int call, int output) ->
          JsonObject.builder().put("call", call).put("output", output).build();
    };
  }

  private static JsonValue expected(Call.Expectation expectation) {
    return switch (expectation) {
      case Call.Expectation.Exactly(Tensor tensor) -> tensor(tensor);
      case Call.Expectation.Near near -> {
        List<JsonValue> indices = new ArrayList<>();
        List<JsonValue> values = new ArrayList<>();
        for (Call.Expectation.Entry entry : near.entries()) {
          indices.add(JsonNumber.of(entry.index()));
          values.add(real(entry.value()));
        }
        yield JsonObject.builder()
            .put("shape", longs(near.shape()))
            .put("at", array(indices))
            .put("near", array(values))
            .put("tolerance", near.tolerance())
            .build();
      }
    };
  }

  private static JsonValue tensor(Tensor tensor) {
    List<JsonValue> data = new ArrayList<>();
    switch (tensor.dtype()) {
      case INT64 -> {
        for (long value : tensor.toLongArray()) {
          data.add(JsonNumber.of(value));
        }
      }
      case FLOAT32 -> {
        for (float value : tensor.toFloatArray()) {
          // NaN leaves a setting at its default.
          data.add(Float.isNaN(value) ? JsonNull.NULL : real(value));
        }
      }
      case BOOL -> {
        for (boolean value : tensor.toBooleanArray()) {
          data.add(JsonNumber.of(value ? 1 : 0));
        }
      }
      default -> throw new IllegalArgumentException("a tensor of " + tensor.dtype());
    }
    List<Long> shape = new ArrayList<>();
    for (long size : tensor.shape()) {
      shape.add(size);
    }
    return JsonObject.builder()
        .put("dtype", tensor.dtype().torchName())
        .put("shape", longs(shape))
        .put("data", array(data))
        .build();
  }

  /** The shortest decimal that reads back as the same float. */
  private static JsonNumber real(float value) {
    if (!Float.isFinite(value)) {
      throw new IllegalArgumentException("a self-test cannot hold " + value);
    }
    return new JsonNumber(Float.toString(value));
  }

  private static JsonArray longs(List<Long> values) {
    return array(values.stream().map(value -> JsonNumber.of(value)).toList());
  }

  private static JsonArray array(List<? extends JsonValue> values) {
    return new JsonArray(List.copyOf(values));
  }
}
