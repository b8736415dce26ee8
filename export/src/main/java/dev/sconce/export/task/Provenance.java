package dev.sconce.export.task;

import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonWriter;
import dev.sconce.export.checkpoint.Checkpoint;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.emit.ConstantMethod;
import dev.sconce.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * Says what a program was made of and how, with the SHA-256 of every file of the checkpoint that
 * can have gone into it.
 *
 * <pre>{@code
 * {"exporter": "sconce", "model_type": "llama", …, "files": {"config.json": "9f86d081…", …}}
 * }</pre>
 *
 * <p>No path, no time: equal checkpoints give equal programs. Hashing large weights takes as long
 * as reading them, so it happens beside the export; the text's size is known before.
 */
public final class Provenance implements ConstantData {

  private static final int BUFFER = 1 << 20;
  private static final String UNKNOWN = "0".repeat(64);
  private static final Set<String> SETTINGS =
      Set.of("config.json", "generation_config.json", "chat_template.jinja", "chat_template.json");

  private final JsonObject made;
  private final List<Path> files;
  private final FutureTask<JsonObject> hashes;
  private final long size;

  private Provenance(JsonObject made, List<Path> files) {
    this.made = made;
    this.files = files;
    this.hashes = new FutureTask<>(this::hash);
    JsonObject.Builder unknown = JsonObject.builder();
    files.forEach(file -> unknown.put(nameOf(file), UNKNOWN));
    this.size = bytes(unknown.build()).length;
  }

  /**
   * Returns the constant method that tells of a checkpoint.
   *
   * @param made how the program was exported
   * @throws IOException if the checkpoint cannot be read
   */
  public static ConstantMethod of(Checkpoint checkpoint, JsonObject made) throws IOException {
    Set<String> tokenizer = Tokenizer.files(checkpoint.folder()).keySet();
    try (Stream<Path> all = Files.list(checkpoint.folder())) {
      List<Path> files =
          all.filter(file -> tokenizer.contains(nameOf(file)) || counts(nameOf(file)))
              .sorted()
              .toList();
      Provenance provenance = new Provenance(made, files);
      Thread.ofPlatform().daemon().name("sconce-hash").start(provenance.hashes);
      return new ConstantMethod(
          ResourceNames.PROVENANCE_BLOB, List.of(new ConstantMethod.Item.Bytes(provenance)));
    }
  }

  private static boolean counts(String name) {
    return SETTINGS.contains(name) || (name.startsWith("model") && name.contains(".safetensors"));
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString();
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
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private byte[] bytes(JsonObject hashed) {
    JsonObject.Builder all = JsonObject.builder();
    made.members().forEach(all::put);
    return JsonWriter.compact(all.put("files", hashed).build()).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public long byteSize() {
    return size;
  }

  @Override
  public void writeTo(MemorySegment target) {
    try {
      target.copyFrom(MemorySegment.ofArray(bytes(hashes.get())));
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

  @Override
  public String identity() {
    return ResourceNames.PROVENANCE_BLOB;
  }
}
