package dev.sconce.export.task;

import dev.sconce.base.json.JsonObject;
import dev.sconce.base.json.JsonWriter;
import dev.sconce.export.checkpoint.CheckpointHashes;
import dev.sconce.generate.resource.ResourceNames;
import dev.sconce.graph.ConstantData;
import dev.sconce.graph.emit.ConstantMethod;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Says what a program was made of and how, with the SHA-256 of every file of the checkpoint that
 * can have gone into it.
 *
 * <pre>{@code
 * {"exporter": "sconce", "model_type": "llama", …, "files": {"config.json": "9f86d081…", …}}
 * }</pre>
 *
 * <p>No path, no time: equal checkpoints give equal programs. The text's size is known before the
 * hashes are.
 */
public final class Provenance implements ConstantData {

  private final JsonObject made;
  private final CheckpointHashes hashes;
  private final long size;

  private Provenance(JsonObject made, CheckpointHashes hashes) {
    this.made = made;
    this.hashes = hashes;
    this.size = bytes(hashes.unknown()).length;
  }

  /**
   * Returns the constant method that tells of a checkpoint.
   *
   * @param hashes the files, to be known when the constant is written
   * @param made how the program was exported
   */
  public static ConstantMethod of(CheckpointHashes hashes, JsonObject made) {
    return new ConstantMethod(
        ResourceNames.PROVENANCE_BLOB,
        List.of(new ConstantMethod.Item.Bytes(new Provenance(made, hashes))));
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
    target.copyFrom(MemorySegment.ofArray(bytes(hashes.await())));
  }

  @Override
  public String identity() {
    return ResourceNames.PROVENANCE_BLOB;
  }
}
