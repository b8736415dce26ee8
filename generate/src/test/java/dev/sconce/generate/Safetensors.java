package dev.sconce.generate;

import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads float matrices of a safetensors file: as much of the format as the fixtures need. */
final class Safetensors {

  private final JsonObject header;
  private final ByteBuffer data;

  private Safetensors(JsonObject header, ByteBuffer data) {
    this.header = header;
    this.data = data;
  }

  static Safetensors read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong();
    byte[] json = new byte[length];
    bytes.get(json);
    return new Safetensors(
        (JsonObject)
            Json.parse(file.toString(), new String(json, java.nio.charset.StandardCharsets.UTF_8)),
        bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
  }

  float[][] matrix(String name) {
    JsonObject entry = header.object(name).orElseThrow();
    int[] shape = ints(entry.array("shape").orElseThrow());
    int start = ints(entry.array("data_offsets").orElseThrow())[0];
    if (!entry.string("dtype").orElseThrow().equals("F32") || shape.length != 2) {
      throw new AssertionError(name + ": " + entry);
    }
    float[][] matrix = new float[shape[0]][shape[1]];
    for (int r = 0; r < shape[0]; r++) {
      for (int c = 0; c < shape[1]; c++) {
        matrix[r][c] = data.getFloat(start + 4 * (r * shape[1] + c));
      }
    }
    return matrix;
  }

  static int[] ints(JsonArray array) {
    return array.values().stream().mapToInt(v -> (int) ((JsonNumber) v).asDouble()).toArray();
  }

  static int[][] rows(JsonArray array) {
    return array.values().stream().map(row -> ints((JsonArray) row)).toArray(int[][]::new);
  }

  static String describe(float[] row) {
    return Arrays.toString(row);
  }
}
