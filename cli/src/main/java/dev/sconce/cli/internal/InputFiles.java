package dev.sconce.cli.internal;

import dev.sconce.base.DType;
import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonBool;
import dev.sconce.base.json.JsonNull;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import dev.sconce.format.npy.Npy;
import dev.sconce.format.npy.NpyArray;
import dev.sconce.format.safetensors.SafetensorsFile;
import dev.sconce.format.safetensors.TensorInfo;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The inputs of a method out of files: one tensor of an {@code .npy}, all tensors of a {@code
 * .safetensors} in the order of their data, or the values of a {@code .json}:
 *
 * <pre>{@code
 * {"inputs": [{"dtype": "int64", "shape": [1, 3], "data": [1, 2, 3]}, 5, 0.5, true, "text", null]}
 * }</pre>
 *
 * <p>{@code data} may be nested or flat.
 */
public final class InputFiles {

  private InputFiles() {}

  /**
   * Reads files one after the other.
   *
   * @throws IOException if one cannot be read
   */
  public static List<EValue> read(List<Path> files) throws IOException {
    List<EValue> values = new ArrayList<>();
    for (Path file : files) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      if (name.endsWith(".npy")) {
        values.add(npy(file));
      } else if (name.endsWith(".safetensors")) {
        values.addAll(safetensors(file));
      } else if (name.endsWith(".json")) {
        values.addAll(json(file));
      } else {
        throw new InvalidInputException(
            "run", "--input", "a file .npy, .safetensors or .json", file.toString());
      }
    }
    return values;
  }

  private static EValue npy(Path file) throws IOException {
    NpyArray array = Npy.read(file).canonical();
    long[] shape = array.shape().stream().mapToLong(size -> size).toArray();
    return EValue.from(Tensor.ofSegment(array.dtype(), array.data(), shape).copy());
  }

  private static List<EValue> safetensors(Path path) throws IOException {
    List<EValue> values = new ArrayList<>();
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      for (TensorInfo info : file.header().tensors()) {
        DType dtype =
            info.type()
                .dtype()
                .orElseThrow(
                    () -> malformed(path, info.name(), "a type of ExecuTorch", info.type() + ""));
        long[] shape = info.shape().stream().mapToLong(size -> size).toArray();
        values.add(EValue.from(Tensor.ofSegment(dtype, file.data(info.name()), shape).copy()));
      }
    }
    return values;
  }

  private static List<EValue> json(Path file) throws IOException {
    JsonArray inputs =
        Json.readObject(file)
            .array("inputs")
            .orElseThrow(() -> malformed(file, "inputs", "an array", "none"));
    List<EValue> values = new ArrayList<>();
    for (JsonValue input : inputs) {
      String path = "inputs[" + values.size() + "]";
      values.add(
          switch (input) {
            case JsonNull _ -> EValue.none();
            case JsonBool bool -> EValue.from(bool.value());
            case JsonString(String string) -> EValue.from(string);
            case JsonNumber number ->
                number.asLong().isPresent() && number.isInteger()
                    ? EValue.from(number.asLong().getAsLong())
                    : EValue.from(number.asDouble());
            case JsonObject tensor -> EValue.from(tensor(file, path, tensor));
            case JsonArray _ -> throw malformed(file, path, "a tensor or a scalar", "an array");
          });
    }
    return values;
  }

  private static Tensor tensor(Path file, String path, JsonObject json) {
    String name =
        json.string("dtype").orElseThrow(() -> malformed(file, path, "\"dtype\"", "none"));
    DType dtype =
        Stream.of(DType.values())
            .filter(type -> type.torchName().equals(name))
            .findFirst()
            .orElseThrow(() -> malformed(file, path + ".dtype", "a dtype, as float32", name));
    List<JsonValue> elements = new ArrayList<>();
    flatten(
        json.array("data").orElseThrow(() -> malformed(file, path, "\"data\"", "none")), elements);
    long[] shape =
        json.array("shape")
            .map(sizes -> sizes(file, path + ".shape", sizes))
            .orElse(new long[] {elements.size()});
    if (dtype == DType.INT64 || dtype == DType.UINT64) {
      // Not by way of doubles, which are exact to 2^53 only.
      long[] data = new long[elements.size()];
      for (int i = 0; i < data.length; i++) {
        data[i] = integer(file, path + ".data[" + i + "]", elements.get(i));
      }
      return Tensor.ofSegment(dtype, Tensor.of(data, shape).memory(), shape);
    }
    double[] data = new double[elements.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = number(file, path + ".data[" + i + "]", elements.get(i));
    }
    return Tensor.of(dtype, data, shape);
  }

  private static void flatten(JsonArray array, List<JsonValue> elements) {
    for (JsonValue value : array) {
      if (value instanceof JsonArray inner) {
        flatten(inner, elements);
      } else {
        elements.add(value);
      }
    }
  }

  private static long[] sizes(Path file, String path, JsonArray sizes) {
    return sizes.values().stream().mapToLong(size -> integer(file, path, size)).toArray();
  }

  private static long integer(Path file, String path, JsonValue value) {
    if (value instanceof JsonNumber number && number.asLong().isPresent()) {
      return number.asLong().getAsLong();
    }
    throw malformed(file, path, "an integer", value.toString());
  }

  private static double number(Path file, String path, JsonValue value) {
    return switch (value) {
      case JsonNumber number -> number.asDouble();
      case JsonBool bool -> bool.value() ? 1 : 0;
      default -> throw malformed(file, path, "a number or a bool", value.toString());
    };
  }

  private static MalformedFileException malformed(
      Path file, String path, String expected, String found) {
    return new MalformedFileException(file.toString(), -1, path, expected, found);
  }
}
