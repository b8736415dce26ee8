import dev.sconce.base.DType;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Programs in Sconce's runtime for the checks of this folder, run from source: a line of input is a call with {@code id}, {@code file},
 * {@code method} and {@code inputs} (int64 or float32, with "NaN" and "Infinity" as strings), a line of output what it returns. Calls of one id
 * share a loaded program, and so its state; {@code close} ends it.
 */
public final class ProgramCalls {

  private ProgramCalls() {}

  public static void main(String[] args) throws IOException {
    Map<String, PteModule> modules = new HashMap<>();
    Requests.serve(Requests.withErrors(request -> answer(request, modules)));
  }

  private static JsonObject answer(JsonObject request, Map<String, PteModule> modules) throws IOException {
    String id = request.string("id").orElseThrow();
    if (request.has("close")) {
      modules.remove(id).close();
      return JsonObject.builder().build();
    }
    PteModule module = modules.get(id);
    if (module == null) {
      module = PteModule.load(Path.of(request.string("file").orElseThrow()));
      modules.put(id, module);
    }
    EValue[] inputs =
        request.array("inputs").orElseThrow().values().stream().map(value -> EValue.from(tensor((JsonObject) value))).toArray(EValue[]::new);
    List<JsonValue> outputs = new ArrayList<>();
    for (EValue output : module.execute(request.string("method").orElseThrow(), inputs)) {
      outputs.add(json(output.toTensor()));
    }
    return JsonObject.builder().put("outputs", new JsonArray(outputs)).build();
  }

  private static Tensor tensor(JsonObject value) {
    long[] shape = longs(value.array("shape").orElseThrow());
    JsonArray data = value.array("data").orElseThrow();
    if (value.string("dtype").orElseThrow().equals("int64")) {
      return Tensor.of(longs(data), shape);
    }
    float[] numbers = new float[data.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = data.get(i) instanceof JsonString name ? Float.parseFloat(name.value()) : (float) ((JsonNumber) data.get(i)).asDouble();
    }
    return Tensor.of(numbers, shape);
  }

  private static long[] longs(JsonArray values) {
    return values.values().stream().mapToLong(v -> ((JsonNumber) v).asLong().orElseThrow()).toArray();
  }

  private static JsonObject json(Tensor tensor) {
    boolean whole = tensor.dtype() == DType.INT64;
    List<JsonValue> data = new ArrayList<>();
    if (whole) {
      LongStream.of(tensor.toLongArray()).forEach(v -> data.add(JsonNumber.of(v)));
    } else {
      for (float v : tensor.toFloatArray()) {
        data.add(Float.isFinite(v) ? Json.parse("number", Float.toString(v)) : new JsonString(Float.toString(v)));
      }
    }
    return JsonObject.builder()
        .put("dtype", new JsonString(whole ? "int64" : "float32"))
        .put("shape", new JsonArray(Arrays.stream(tensor.shape()).mapToObj(v -> (JsonValue) JsonNumber.of(v)).toList()))
        .put("data", new JsonArray(data))
        .build();
  }
}
