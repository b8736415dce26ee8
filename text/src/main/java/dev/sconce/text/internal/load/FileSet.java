package dev.sconce.text.internal.load;

import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The files of a tokenizer, in a directory or in memory. */
public interface FileSet {

  /** Returns whether there is a file of a name. */
  boolean has(String name);

  /** Returns a file's bytes. */
  byte[] bytes(String name) throws IOException;

  /** Returns what messages call a file. */
  String describe(String name);

  /** Returns a file's JSON object. */
  default JsonObject json(String name) throws IOException {
    return Json.parseObject(describe(name), new String(bytes(name), StandardCharsets.UTF_8));
  }

  /** Returns the files of a directory. */
  static FileSet of(Path directory) {
    return new InDirectory(directory);
  }

  /**
   * Returns files in memory.
   *
   * @param name what messages call the whole
   * @param files the files by name
   */
  static FileSet of(String name, Map<String, byte[]> files) {
    return new InMemory(name, Map.copyOf(files));
  }

  /**
   * Files on disk.
   *
   * @param directory where they lie
   */
  record InDirectory(Path directory) implements FileSet {

    @Override
    public boolean has(String name) {
      return Files.exists(directory.resolve(name));
    }

    @Override
    public byte[] bytes(String name) throws IOException {
      return Files.readAllBytes(directory.resolve(name));
    }

    @Override
    public JsonObject json(String name) throws IOException {
      return Json.readObject(directory.resolve(name));
    }

    @Override
    public String describe(String name) {
      return directory.resolve(name).toString();
    }

    @Override
    public String toString() {
      return directory.toString();
    }
  }

  /**
   * Files in memory.
   *
   * @param name what messages call the whole
   * @param files the files by name
   */
  record InMemory(String name, Map<String, byte[]> files) implements FileSet {

    @Override
    public boolean has(String file) {
      return files.containsKey(file);
    }

    @Override
    public byte[] bytes(String file) throws IOException {
      byte[] bytes = files.get(file);
      if (bytes == null) {
        throw new IOException(describe(file) + " is not there");
      }
      return bytes;
    }

    @Override
    public String describe(String file) {
      return name + ", " + file;
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
