package dev.sconce.runtime.internal.plan;

import dev.sconce.base.MalformedFileException;
import dev.sconce.format.pte.NamedData;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteValue.TensorValue;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Data by name: the named data of a program and of the {@code .ptd} files given with it. */
public final class ExternalData
    implements dev.sconce.runtime.internal.delegate.NamedData, AutoCloseable {

  private final Map<String, MemorySegment> segments;

  private ExternalData(Map<String, MemorySegment> segments) {
    this.segments = segments;
  }

  /**
   * Collects the named data of a program and its files.
   *
   * @throws IOException if a file cannot be read
   * @throws MalformedFileException if a file is not well-formed, or a name stands twice
   */
  public static ExternalData of(PteFile program, List<Path> files) throws IOException {
    Map<String, MemorySegment> segments = new HashMap<>();
    for (NamedData data : program.program().namedData()) {
      add(segments, program.bytes().file(), data.key(), program.segment(data.segmentIndex()));
    }
    return new ExternalData(segments);
  }

  private static void add(
      Map<String, MemorySegment> segments, String file, String key, MemorySegment data) {
    if (segments.putIfAbsent(key, data) != null) {
      throw new MalformedFileException(
          file, -1, "named_data", "keys that no other data have", "\"" + key + "\" again");
    }
  }

  @Override
  public Optional<MemorySegment> find(String key) {
    return Optional.ofNullable(segments.get(key));
  }

  /**
   * Returns the bytes of a tensor.
   *
   * @param program the name of the program that asks, for messages
   * @param key the tensor's name
   * @param value what the program says of it
   * @throws MalformedFileException if nobody has it, or it is of another type or shape
   */
  public MemorySegment tensor(String program, String key, TensorValue value) {
    MemorySegment data = segments.get(key);
    if (data == null || data.byteSize() != value.byteSize()) {
      throw new MalformedFileException(
          program,
          -1,
          "named data \"" + key + "\"",
          "%d bytes of %s%s".formatted(value.byteSize(), value.dtype(), value.sizes()),
          data == null ? "none; is a .ptd file missing?" : data.byteSize() + " bytes");
    }
    return data;
  }

  @Override
  public void close() {}
}
