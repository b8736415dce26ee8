package dev.sconce.base.json;

import dev.sconce.base.MalformedFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads whole JSON documents into values. */
public final class Json {

  private static final long MAX_FILE_SIZE = 1 << 30;

  private Json() {}

  /**
   * Parses a JSON document with the default limits.
   *
   * @param file the name that errors show
   * @throws MalformedFileException if the text is not one JSON value
   */
  public static JsonValue parse(String file, String text) {
    return parse(file, text.getBytes(StandardCharsets.UTF_8), JsonLimits.defaults());
  }

  /**
   * Parses a JSON document.
   *
   * @param file the name that errors show
   * @throws MalformedFileException if the bytes are not one JSON value in UTF-8 within the limits
   */
  public static JsonValue parse(String file, byte[] utf8, JsonLimits limits) {
    JsonReader reader = JsonReader.of(file, utf8, limits);
    JsonValue value = reader.nextValue();
    reader.end();
    return value;
  }

  /**
   * Reads a JSON file with the default limits.
   *
   * @throws IOException if it cannot be read
   * @throws MalformedFileException if it is not one JSON value
   */
  public static JsonValue read(Path path) throws IOException {
    return read(path, JsonLimits.defaults());
  }

  /**
   * Reads a JSON file.
   *
   * @throws IOException if it cannot be read
   * @throws MalformedFileException if it is not one JSON value within the limits
   */
  public static JsonValue read(Path path, JsonLimits limits) throws IOException {
    return parse(path.toString(), bytes(path), limits);
  }

  /**
   * Returns a reader of a file, for documents too large for a tree.
   *
   * @throws IOException if the file cannot be read
   * @throws MalformedFileException if it is larger than 1 GiB
   */
  public static JsonReader reader(Path path, JsonLimits limits) throws IOException {
    return JsonReader.of(path.toString(), bytes(path), limits);
  }

  private static byte[] bytes(Path path) throws IOException {
    long size = Files.size(path);
    if (size > MAX_FILE_SIZE) {
      throw new MalformedFileException(
          path.toString(), -1, "", "a JSON file of at most 1 GiB", size + " bytes");
    }
    return Files.readAllBytes(path);
  }

  /**
   * Reads a JSON file that must hold an object.
   *
   * @throws IOException if it cannot be read
   * @throws MalformedFileException if it is not one JSON object
   */
  public static JsonObject readObject(Path path) throws IOException {
    return asObject(path.toString(), read(path));
  }

  /**
   * Parses a JSON document that must be an object.
   *
   * @param file the name that errors show
   * @throws MalformedFileException if it is not one JSON object
   */
  public static JsonObject parseObject(String file, String text) {
    return asObject(file, parse(file, text));
  }

  private static JsonObject asObject(String file, JsonValue value) {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new MalformedFileException(file, 0, "", "a JSON object", "a JSON " + value.kind());
  }
}
