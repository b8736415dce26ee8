package dev.sconce.export.checkpoint;

import dev.sconce.base.Sha256;
import dev.sconce.base.json.JsonObject;
import dev.sconce.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * The SHA-256 of every file of a checkpoint that can go into a program, computed in the background.
 *
 * <p>Hashing large weights takes as long as reading them. While weights are quantised, one
 * processor waits for the other again and again, and this finds room. Closing ends it.
 */
public final class CheckpointHashes implements AutoCloseable {

  private static final int BUFFER = 1 << 20;
  private static final String UNKNOWN = "0".repeat(64);
  private static final Set<String> SETTINGS =
      Set.of("config.json", "generation_config.json", "chat_template.jinja", "chat_template.json");

  private final List<Path> files;
  private final FutureTask<JsonObject> hashes;

  private CheckpointHashes(List<Path> files) {
    this.files = files;
    this.hashes = new FutureTask<>(this::hash);
  }

  /**
   * Finds the files; none is read yet.
   *
   * @throws IOException if the folder cannot be read
   */
  public static CheckpointHashes of(Checkpoint checkpoint) throws IOException {
    Set<String> tokenizer = Tokenizer.files(checkpoint.folder()).keySet();
    try (Stream<Path> all = Files.list(checkpoint.folder())) {
      return new CheckpointHashes(
          all.filter(file -> tokenizer.contains(nameOf(file)) || counts(nameOf(file)))
              .sorted()
              .toList());
    }
  }

  /** Starts to read. */
  public void start() {
    Thread.ofPlatform().daemon().name("sconce-hash").start(hashes);
  }

  private static boolean counts(String name) {
    return SETTINGS.contains(name) || (name.startsWith("model") && name.contains(".safetensors"));
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString();
  }

  /** Returns an object of the size of {@link #await}'s, with zeros for hashes. */
  public JsonObject unknown() {
    JsonObject.Builder unknown = JsonObject.builder();
    files.forEach(file -> unknown.put(nameOf(file), UNKNOWN));
    return unknown.build();
  }

  /**
   * Waits for the hashes, in lower-case hexadecimal digits by the names of the files; computes them
   * if that was not started.
   *
   * @throws UncheckedIOException if a file could not be read
   */
  public JsonObject await() {
    hashes.run(); // Nothing, if it was.
    try {
      return hashes.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw new UncheckedIOException(io);
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while hashing the checkpoint", e);
    }
  }

  private JsonObject hash() throws IOException {
    JsonObject.Builder all = JsonObject.builder();
    for (Path file : files) {
      all.put(nameOf(file), sha256(file));
    }
    return all.build();
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Sha256 hash = new Sha256();
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.add(ByteBuffer.wrap(buffer, 0, n));
        if (Thread.interrupted()) {
          throw new InterruptedIOException(file.toString());
        }
      }
      return hash.toHex();
    }
  }

  @Override
  public void close() {
    hashes.cancel(true);
  }
}
