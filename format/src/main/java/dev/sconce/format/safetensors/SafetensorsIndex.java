package dev.sconce.format.safetensors;

import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonString;
import dev.sconce.base.json.JsonValue;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The index of a sharded checkpoint, {@code model.safetensors.index.json}: which file holds which
 * tensor.
 *
 * @param metadata what writers noted, such as {@code total_size}; nothing depends on it
 * @param shards the file of each tensor, relative to the index's folder
 */
public record SafetensorsIndex(JsonObject metadata, SequencedMap<String, String> shards) {

  /** Creates the record with a copy of the map. */
  public SafetensorsIndex {
    shards = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(shards));
  }

  /**
   * Reads an index.
   *
   * @throws IOException if it cannot be read
   * @throws MalformedFileException if it is not an index, or names a file outside its folder
   */
  public static SafetensorsIndex read(Path path) throws IOException {
    String file = path.toString();
    JsonObject index = Json.readObject(path);
    JsonObject map =
        index
            .object("weight_map")
            .orElseThrow(
                () ->
                    new MalformedFileException(
                        file, 0, "weight_map", "an object of tensor names", "none"));
    SequencedMap<String, String> shards = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> entry : map.members().entrySet()) {
      String where = "weight_map." + entry.getKey();
      if (entry.getValue() instanceof JsonString(String shard) && staysInFolder(shard)) {
        shards.put(entry.getKey(), shard);
      } else {
        throw new MalformedFileException(
            file, 0, where, "the name of a file in this folder", entry.getValue().toString());
      }
    }
    JsonObject metadata = index.object("metadata").orElse(JsonObject.builder().build());
    return new SafetensorsIndex(metadata, shards);
  }

  /** Returns whether a name cannot lead out of its folder: an index may come from anywhere. */
  private static boolean staysInFolder(String shard) {
    try {
      Path path = Path.of(shard);
      return !shard.isEmpty()
          && !path.isAbsolute()
          && path.getRoot() == null
          && path.normalize().equals(path)
          && !path.startsWith("..");
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
