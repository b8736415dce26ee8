package dev.sconce.runtime.internal.plan;

import dev.sconce.base.MalformedFileException;
import dev.sconce.format.ptd.PtdEntry;
import dev.sconce.format.ptd.PtdFile;
import dev.sconce.format.ptd.TensorLayout;
import dev.sconce.format.pte.PteFile;
import dev.sconce.format.pte.PteValue.TensorValue;
import dev.sconce.runtime.internal.delegate.NamedData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Data by name: the named data of a program and of the {@code .ptd} files given with it. */
public final class ExternalData implements NamedData, AutoCloseable {

  private record Entry(MemorySegment data, @Nullable TensorLayout layout) {}

  private final Map<String, Entry> entries = new HashMap<>();
  private final List<PtdFile> files = new ArrayList<>();

  private ExternalData() {}

  /**
   * Collects the named data of a program and its files.
   *
   * @throws IOException if a file cannot be read
   * @throws MalformedFileException if a file is not well-formed, or a name stands twice
   */
  public static ExternalData of(PteFile program, List<Path> paths) throws IOException {
    ExternalData data = new ExternalData();
    try {
      program
          .program()
          .namedData()
          .forEach(
              named ->
                  data.add(
                      program.bytes().file(),
                      named.key(),
                      new Entry(program.segment(named.segmentIndex()), null)));
      for (Path path : paths) {
        data.add(PtdFile.open(path));
      }
      return data;
    } catch (IOException | RuntimeException e) {
      data.close();
      throw e;
    }
  }

  private void add(PtdFile file) {
    files.add(file);
    for (PtdEntry entry : file.data().entries()) {
      MemorySegment bytes = file.data().segments().get(entry.segment()).memory();
      add(file.name(), entry.key(), new Entry(bytes, entry.layout()));
    }
  }

  private void add(String file, String key, Entry entry) {
    if (entries.putIfAbsent(key, entry) != null) {
      throw new MalformedFileException(
          file, -1, "named_data", "keys that no other data have", "\"" + key + "\" again");
    }
  }

  @Override
  public Optional<MemorySegment> find(String key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::data);
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
    Entry entry = entries.get(key);
    String expected =
        "%s%s in dim order %s".formatted(value.dtype(), value.sizes(), value.dimOrder());
    if (entry == null) {
      throw mismatch(program, key, expected, "no such data; is a .ptd file missing?");
    }
    TensorLayout layout = entry.layout();
    if (layout != null
        && !(layout.dtype() == value.dtype()
            && layout.sizes().equals(value.sizes())
            && layout.dimOrder().equals(value.dimOrder()))) {
      throw mismatch(
          program,
          key,
          expected,
          "%s%s in dim order %s".formatted(layout.dtype(), layout.sizes(), layout.dimOrder()));
    }
    long bytes = value.byteSize();
    if (entry.data().byteSize() < bytes) {
      throw mismatch(program, key, bytes + " bytes", entry.data().byteSize() + " bytes");
    }
    return entry.data().asSlice(0, bytes);
  }

  private static MalformedFileException mismatch(
      String program, String key, String expected, String found) {
    return new MalformedFileException(program, -1, "named data \"" + key + "\"", expected, found);
  }

  /** Ends the mappings of the {@code .ptd} files. */
  @Override
  public void close() {
    files.forEach(PtdFile::close);
  }
}
