package dev.sconce.format.safetensors;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * The tensors of a checkpoint by name, whether it is one safetensors file or many.
 *
 * <p>Shards are mapped when a tensor of theirs is first asked for; a mapping costs address space
 * only, and data are read when they are touched. {@link #close()} ends all mappings: segments that
 * {@link #data} returned then throw {@link IllegalStateException} on access. Safe for use by
 * several threads.
 */
public final class SafetensorsCheckpoint implements AutoCloseable {

  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final Path path;
  private final Path folder;
  private final SequencedMap<String, String> shardOfTensor;
  private final Map<String, SafetensorsFile> open = new HashMap<>();
  private boolean closed;

  private SafetensorsCheckpoint(
      Path path, Path folder, SequencedMap<String, String> shardOfTensor) {
    this.path = path;
    this.folder = folder;
    this.shardOfTensor = shardOfTensor;
  }

  /**
   * Opens a checkpoint.
   *
   * @param path a safetensors file, an index ({@code *.index.json}), or a folder that holds {@code
   *     model.safetensors} or {@code model.safetensors.index.json}; the single file goes first
   * @throws IOException if nothing of the kind is there or cannot be read
   * @throws MalformedFileException if the file or index breaks its format's rules
   */
  public static SafetensorsCheckpoint open(Path path) throws IOException {
    Path file = Files.isDirectory(path) ? inFolder(path) : path;
    Path folder = file.toAbsolutePath().getParent();
    String name = String.valueOf(file.getFileName());
    if (folder == null) {
      throw new IOException(path + " is not a file");
    }
    if (name.endsWith(".json")) {
      return new SafetensorsCheckpoint(file, folder, SafetensorsIndex.read(file).shards());
    }
    SafetensorsFile single = SafetensorsFile.open(file);
    SequencedMap<String, String> tensors = new LinkedHashMap<>();
    single.header().tensors().forEach(tensor -> tensors.put(tensor.name(), name));
    SafetensorsCheckpoint checkpoint =
        new SafetensorsCheckpoint(file, folder, Collections.unmodifiableSequencedMap(tensors));
    checkpoint.open.put(name, single);
    return checkpoint;
  }

  private static Path inFolder(Path folder) throws IOException {
    for (String name : new String[] {SINGLE, INDEX}) {
      if (Files.exists(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new IOException("no " + SINGLE + " and no " + INDEX + " in " + folder);
  }

  /** Returns the file or index that was opened. */
  public Path path() {
    return path;
  }

  /** Returns the names of all tensors. */
  public SequencedSet<String> names() {
    return shardOfTensor.sequencedKeySet();
  }

  /** Returns whether the checkpoint has a tensor of this name. */
  public boolean contains(String name) {
    return shardOfTensor.containsKey(name);
  }

  /**
   * Returns what is known of a tensor; opens its shard if needed.
   *
   * @throws IOException if the shard cannot be opened
   * @throws InvalidInputException if there is no tensor of this name
   * @throws MalformedFileException if the shard breaks the format's rules or lacks the tensor
   */
  public TensorInfo info(String name) throws IOException {
    return shard(name).info(name);
  }

  /**
   * Returns the bytes of a tensor, row-major and little-endian: a read-only view of its mapped
   * shard, which is opened if needed.
   *
   * @throws IOException if the shard cannot be opened
   * @throws InvalidInputException if there is no tensor of this name
   * @throws MalformedFileException if the shard breaks the format's rules or lacks the tensor
   */
  public MemorySegment data(String name) throws IOException {
    return shard(name).data(name);
  }

  private SafetensorsFile shard(String tensor) throws IOException {
    String shard = shardOfTensor.get(tensor);
    if (shard == null) {
      throw new InvalidInputException(
          path.toString(), "tensor name", "one of " + shardOfTensor.size() + " tensors", tensor);
    }
    SafetensorsFile file = opened(shard);
    if (!file.contains(tensor)) {
      throw new MalformedFileException(
          file.path().toString(),
          0,
          tensor,
          "a tensor that " + path.getFileName() + " places in this file",
          "no tensor of this name");
    }
    return file;
  }

  private synchronized SafetensorsFile opened(String shard) throws IOException {
    if (closed) {
      throw new IllegalStateException("checkpoint " + path + " was closed");
    }
    SafetensorsFile file = open.get(shard);
    if (file == null) {
      file = SafetensorsFile.open(folder.resolve(shard));
      open.put(shard, file);
    }
    return file;
  }

  /** Closes all shards that were opened. */
  @Override
  public synchronized void close() {
    closed = true;
    open.values().forEach(SafetensorsFile::close);
    open.clear();
  }
}
