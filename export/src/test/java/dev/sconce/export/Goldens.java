package dev.sconce.export;

import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonArray;
import dev.sconce.base.json.JsonNumber;
import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonValue;
import dev.sconce.format.safetensors.SafetensorsFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Checkpoints with answers of transformers: the committed ones, and with {@code SCONCE_FIXTURES}
 * all of that folder.
 *
 * @param folder the checkpoint
 * @param kind what the model is: causal, mlm, seqcls, imgcls
 * @param tolerance how far answers may be off, relative to the largest if that is above 1
 * @param cases the cases
 * @param config the checkpoint's configuration
 */
public record Goldens(
    Path folder, String kind, double tolerance, List<JsonObject> cases, JsonObject config) {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Returns a committed checkpoint. */
  public static Path committed(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(Goldens.class.getResource("/checkpoints/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns all checkpoints of decoders or encoders whose class is exported. */
  public static List<Goldens> all() throws IOException {
    return of(List.of("causal", "mlm", "seqcls", "imgcls"));
  }

  /** Returns all checkpoints of some kinds whose class is exported. */
  public static List<Goldens> of(List<String> kinds) throws IOException {
    List<Path> tops = new ArrayList<>(List.of(committed("gpt2").resolveSibling("")));
    String fixtures = System.getenv("SCONCE_FIXTURES");
    if (fixtures != null) {
      tops.add(Path.of(fixtures, "hf"));
    }
    List<Goldens> all = new ArrayList<>();
    for (Path top : tops) {
      try (Stream<Path> folders = Files.list(top)) {
        for (Path folder : folders.sorted().toList()) {
          if (Files.exists(folder.resolve("goldens.json")) && isCovered(folder, kinds)) {
            all.add(open(folder));
          }
        }
      }
    }
    return all;
  }

  private static boolean isCovered(Path folder, List<String> kinds) throws IOException {
    JsonObject json = Json.readObject(folder.resolve("goldens.json"));
    String type = json.string("model_type").orElse("");
    String kind = json.string("kind").orElse("");
    return dev.sconce.export.architecture.Architectures.modelTypes().contains(type)
        && kinds.contains(kind)
        && !json.string("class").orElse("").endsWith("WithTeacher");
  }

  static Goldens open(Path folder) throws IOException {
    JsonObject json = Json.readObject(folder.resolve("goldens.json"));
    List<JsonObject> cases = new ArrayList<>();
    json.array("cases").orElseThrow().forEach(value -> cases.add((JsonObject) value));
    return new Goldens(
        folder,
        json.string("kind").orElse(""),
        json.object("tolerance").orElseThrow().number("tol").orElseThrow(),
        cases,
        Json.readObject(folder.resolve("config.json")));
  }

  /** Returns whether all keys are turned anew when a sequence reaches a length. */
  public boolean changesWithLength(int tokens) {
    JsonObject scaling = config.object("rope_scaling").orElse(JsonObject.builder().build());
    return scaling.string("rope_type").or(() -> scaling.string("type")).orElse("").equals("dynamic")
        && tokens > config.integer("max_position_embeddings").orElseThrow();
  }

  /** Returns whether the model has a table of positions, which limits the length by itself. */
  boolean hasLearnedPositions() {
    return !kind.equals("causal") || config.has("n_positions");
  }

  /** Returns an array of the goldens. */
  public float[] array(String name) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("goldens.safetensors"))) {
      MemorySegment data = file.data(name);
      return data.toArray(FLOAT);
    }
  }

  /** Returns the sizes of an array of the goldens. */
  long[] shape(String name) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("goldens.safetensors"))) {
      return file.info(name).shape().stream().mapToLong(Long::longValue).toArray();
    }
  }

  static List<long[]> rows(JsonObject inputs, String name) {
    List<long[]> rows = new ArrayList<>();
    for (JsonValue row : inputs.array(name).orElseThrow()) {
      rows.add(integers((JsonArray) row));
    }
    return rows;
  }

  static long[] integers(JsonArray array) {
    return array.values().stream()
        .mapToLong(value -> ((JsonNumber) value).asLong().orElseThrow())
        .toArray();
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }
}
