package dev.sconce.runtime.verify;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.format.safetensors.SafetensorsFile;
import dev.sconce.format.safetensors.TensorInfo;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A program with recorded calls: {@code case.json}, {@code io.safetensors} and the program, in one
 * folder.
 *
 * <pre>{@code
 * {"program": "model.pte", "data": "model.ptd", "rtol": 1e-5, "atol": 1e-5,
 *  "calls": [{"method": "forward", "inputs": ["call0.in0", {"int": 5}], "outputs": ["call0.out0"],
 *             "input_dim_orders": [[0, 2, 3, 1], null]}]}
 * }</pre>
 *
 * <p>Calls are made in order on one loaded program. A string names a tensor of {@code
 * io.safetensors}, stored row-major whatever its order in memory is to be.
 */
final class CaseFolder implements AutoCloseable {

  private final Path folder;
  private final JsonObject json;
  private final @Nullable SafetensorsFile tensors;

  private CaseFolder(Path folder, JsonObject json, @Nullable SafetensorsFile tensors) {
    this.folder = folder;
    this.json = json;
    this.tensors = tensors;
  }

  static boolean isOne(Path folder) {
    return Files.isRegularFile(folder.resolve("case.json"));
  }

  static CaseFolder open(Path folder) throws IOException {
    JsonObject json = Json.readObject(folder.resolve("case.json"));
    Path io = folder.resolve("io.safetensors");
    return new CaseFolder(folder, json, Files.exists(io) ? SafetensorsFile.open(io) : null);
  }

  Path program() {
    return folder.resolve(json.string("program").orElse("model.pte"));
  }

  Optional<Path> data() {
    return json.string("data").map(folder::resolve);
  }

  Tolerance tolerance() {
    return new Tolerance(json.number("rtol").orElse(0), json.number("atol").orElse(0));
  }

  List<RecordedCall> calls() {
    JsonArray array = json.array("calls").orElseThrow(() -> malformed("calls", "an array"));
    List<RecordedCall> calls = new ArrayList<>();
    for (JsonValue value : array) {
      if (!(value instanceof JsonObject call)) {
        throw malformed("calls[" + calls.size() + "]", "an object");
      }
      calls.add(call("calls[" + calls.size() + "]", call));
    }
    return calls;
  }

  private RecordedCall call(String path, JsonObject call) {
    JsonArray inputs =
        call.array("inputs").orElseThrow(() -> malformed(path + ".inputs", "an array"));
    JsonArray outputs =
        call.array("outputs").orElseThrow(() -> malformed(path + ".outputs", "an array"));
    List<@Nullable List<Integer>> none = List.of();
    return new RecordedCall(
        call.string("method").orElseThrow(() -> malformed(path + ".method", "a string")),
        values(path + ".inputs", inputs, orders(path, call, "input_dim_orders", inputs.size())),
        values(path + ".outputs", outputs, none),
        orders(path, call, "output_dim_orders", outputs.size()));
  }

  private List<EValue> values(
      String path, JsonArray entries, List<@Nullable List<Integer>> orders) {
    List<EValue> values = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      List<Integer> order = i < orders.size() ? orders.get(i) : null;
      values.add(value(path + "[" + i + "]", entries.get(i), order));
    }
    return values;
  }

  private EValue value(String path, JsonValue entry, @Nullable List<Integer> order) {
    if (entry instanceof JsonString(String name)) {
      Tensor tensor = tensor(path, name);
      return EValue.from(
          order == null ? tensor : tensor.copy(order.stream().mapToInt(d -> d).toArray()));
    }
    if (entry instanceof JsonObject object && object.members().size() == 1) {
      String kind = object.members().firstEntry().getKey();
      JsonValue value = object.members().firstEntry().getValue();
      if (kind.equals("none")) {
        return EValue.none();
      } else if (kind.equals("int") && value instanceof JsonNumber n && n.asLong().isPresent()) {
        return EValue.from(n.asLong().getAsLong());
      } else if (kind.equals("float") && value instanceof JsonNumber n) {
        return EValue.from(n.asDouble());
      } else if (kind.equals("bool") && value instanceof JsonBool bool) {
        return EValue.from(bool.value());
      } else if (kind.equals("string") && value instanceof JsonString(String string)) {
        return EValue.from(string);
      }
    }
    throw malformed(
        path, "a tensor's name or {\"int\"|\"float\"|\"bool\"|\"string\"|\"none\": value}");
  }

  private Tensor tensor(String path, String name) {
    if (tensors == null || !tensors.contains(name)) {
      throw malformed(path, "a tensor of io.safetensors");
    }
    TensorInfo info = tensors.info(name);
    return Tensor.ofSegment(
        info.type().dtype().orElseThrow(() -> malformed(path, "a type of ExecuTorch")),
        tensors.data(name),
        info.shape().stream().mapToLong(size -> size).toArray());
  }

  private List<@Nullable List<Integer>> orders(
      String path, JsonObject call, String name, int count) {
    List<@Nullable List<Integer>> orders = new ArrayList<>();
    JsonArray array = call.array(name).orElse(new JsonArray(List.of()));
    for (int i = 0; i < count; i++) {
      if (i < array.size() && array.get(i) instanceof JsonArray dims) {
        List<Integer> order = new ArrayList<>();
        for (JsonValue dim : dims) {
          if (!(dim instanceof JsonNumber number) || number.asLong().isEmpty()) {
            throw malformed(path + "." + name, "lists of dimensions");
          }
          order.add((int) number.asLong().getAsLong());
        }
        orders.add(order);
      } else {
        orders.add(null);
      }
    }
    return orders;
  }

  private MalformedFileException malformed(String path, String expected) {
    return new MalformedFileException(
        folder.resolve("case.json").toString(), -1, path, expected, "something else");
  }

  @Override
  public void close() {
    if (tensors != null) {
      tensors.close();
    }
  }
}
