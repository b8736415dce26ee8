package dev.sconce.format.safetensors;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.memory.MappedFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One safetensors file, mapped into memory: only the header is read, data when they are touched.
 *
 * <p>The segments that {@link #data} returns are views of the mapping: they die with {@link
 * #close()}, and access to them then throws {@link IllegalStateException}. Any thread may read.
 */
public final class SafetensorsFile implements AutoCloseable {

  private final MappedFile file;
  private final SafetensorsHeader header;
  private final Map<String, TensorInfo> byName = new HashMap<>();

  private SafetensorsFile(MappedFile file, SafetensorsHeader header) {
    this.file = file;
    this.header = header;
    header.tensors().forEach(tensor -> byName.put(tensor.name(), tensor));
  }

  /**
   * Maps a file and verifies its header.
   *
   * @throws IOException if it cannot be opened or mapped
   * @throws MalformedFileException if it breaks the format's rules
   */
  public static SafetensorsFile open(Path path) throws IOException {
    MappedFile file = MappedFile.open(path);
    try {
      return new SafetensorsFile(file, SafetensorsHeader.read(file.reader()));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Returns the path that was opened. */
  public Path path() {
    return file.path();
  }

  /** Returns the verified header: the tensors in the order of their data, and the metadata. */
  public SafetensorsHeader header() {
    return header;
  }

  /** Returns the texts under {@code __metadata__}. */
  public SequencedMap<String, String> metadata() {
    return header.metadata();
  }

  /** Returns whether the file holds a tensor of this name. */
  public boolean contains(String name) {
    return byName.containsKey(name);
  }

  /**
   * Returns what the header says of a tensor.
   *
   * @throws InvalidInputException if the file has no tensor of this name
   */
  public TensorInfo info(String name) {
    TensorInfo info = byName.get(name);
    if (info == null) {
      throw new InvalidInputException(
          path().toString(), "tensor name", "one of " + byName.size() + " tensors", name);
    }
    return info;
  }

  /**
   * Returns the bytes of a tensor, row-major and little-endian: a read-only view of the mapping.
   *
   * @throws InvalidInputException if the file has no tensor of this name
   * @throws IllegalStateException if the file was closed
   */
  public MemorySegment data(String name) {
    TensorInfo info = info(name);
    return file.memory().asSlice(header.dataOffset() + info.begin(), info.byteSize());
  }

  /** Ends the mapping. */
  @Override
  public void close() {
    file.close();
  }
}
