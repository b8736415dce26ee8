package dev.sconce.runtime.internal.operator;

import dev.sconce.base.DType;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.format.safetensors.SafetensorsFile;
import dev.sconce.format.safetensors.TensorInfo;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.LoadOptions;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A recorded case: a program, inputs, and what the official runtime answered. */
record OperatorCase(Path folder) {

  /** Runs the case and returns what differs from the record: nothing if it passes. */
  List<String> differences() throws IOException {
    JsonObject json = Json.readObject(folder.resolve("case.json"));
    Path program = folder.resolve(json.string("program").orElse("model.pte"));
    LoadOptions options =
        json.string("data")
            .map(data -> LoadOptions.defaults().withData(folder.resolve(data)))
            .orElse(LoadOptions.defaults());
    double relative = json.number("rtol").orElseThrow();
    double absolute = json.number("atol").orElseThrow();
    List<String> differences = new ArrayList<>();
    try (SafetensorsFile tensors = SafetensorsFile.open(folder.resolve("io.safetensors"));
        PteModule module = PteModule.load(program, options)) {
      int number = 0;
      for (JsonValue call : json.array("calls").orElseThrow()) {
        JsonObject object = (JsonObject) call;
        List<EValue> inputs = values(tensors, object, "inputs", "input_dim_orders");
        List<EValue> expected = values(tensors, object, "outputs", "output_dim_orders");
        EValue[] found =
            module.execute(object.string("method").orElseThrow(), inputs.toArray(new EValue[0]));
        if (found.length != expected.size()) {
          differences.add(
              "call%d: expected %d outputs, found %d"
                  .formatted(number, expected.size(), found.length));
        } else {
          for (int i = 0; i < found.length; i++) {
            String difference = difference(expected.get(i), found[i], relative, absolute);
            if (!difference.isEmpty()) {
              differences.add("call%d.out%d: %s".formatted(number, i, difference));
            }
          }
        }
        number++;
      }
    }
    return differences;
  }

  private static List<EValue> values(
      SafetensorsFile tensors, JsonObject call, String key, String ordersKey) {
    List<EValue> values = new ArrayList<>();
    JsonArray entries = call.array(key).orElseThrow();
    for (int i = 0; i < entries.size(); i++) {
      JsonValue order =
          call.get(ordersKey).isPresent() && call.get(ordersKey).get() instanceof JsonArray orders
              ? orders.get(i)
              : JsonNull.NULL;
      values.add(value(tensors, entries.get(i), order));
    }
    return values;
  }

  private static EValue value(SafetensorsFile tensors, JsonValue entry, JsonValue order) {
    if (entry instanceof JsonString(String name)) {
      TensorInfo info = tensors.info(name);
      long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
      DType dtype = info.type().dtype().orElseThrow();
      Tensor tensor = Tensor.ofSegment(dtype, tensors.data(name), shape);
      if (order instanceof JsonArray dims) {
        int[] dimOrder =
            dims.values().stream().mapToInt(d -> (int) ((JsonNumber) d).asDouble()).toArray();
        tensor = tensor.copy(dimOrder);
      }
      return EValue.from(tensor);
    }
    JsonObject object = (JsonObject) entry;
    if (object.has("int")) {
      return EValue.from(object.integer("int").orElseThrow());
    }
    if (object.has("float")) {
      return EValue.from(object.number("float").orElseThrow());
    }
    if (object.has("bool")) {
      return EValue.from(object.bool("bool").orElseThrow());
    }
    if (object.has("string")) {
      return EValue.from(object.string("string").orElseThrow());
    }
    return EValue.none();
  }

  private static String difference(
      EValue expected, EValue found, double relative, double absolute) {
    if (!expected.isTensor() || !found.isTensor()) {
      return expected.equals(found) ? "" : "expected " + expected + ", found " + found;
    }
    Tensor left = expected.toTensor();
    Tensor right = found.toTensor();
    if (left.dtype() != right.dtype() || !Arrays.equals(left.shape(), right.shape())) {
      return "expected %s%s, found %s%s"
          .formatted(
              left.dtype(),
              Arrays.toString(left.shape()),
              right.dtype(),
              Arrays.toString(right.shape()));
    }
    if (left.rank() > 1 && !Arrays.equals(left.dimOrder(), right.dimOrder())) {
      return "expected dim order %s, found %s"
          .formatted(Arrays.toString(left.dimOrder()), Arrays.toString(right.dimOrder()));
    }
    double[] wanted = left.toDoubles();
    double[] given = right.toDoubles();
    boolean exact = !left.dtype().isFloating();
    double largest = 0;
    int wrong = -1;
    int count = 0;
    for (int i = 0; i < wanted.length; i++) {
      double distance = Math.abs(wanted[i] - given[i]);
      double limit =
          exact ? (absolute >= 1 ? absolute : 0) : absolute + relative * Math.abs(wanted[i]);
      boolean same = wanted[i] == given[i] || (Double.isNaN(wanted[i]) && Double.isNaN(given[i]));
      if (!same && !(distance <= limit && Double.isFinite(wanted[i]))) {
        count++;
        if (wrong < 0 || distance > largest) {
          wrong = i;
          largest = distance;
        }
      }
    }
    return wrong < 0
        ? ""
        : "%d of %d elements of %s differ; [%d]: expected %s, found %s"
            .formatted(count, wanted.length, left.dtype(), wrong, wanted[wrong], given[wrong]);
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }
}
